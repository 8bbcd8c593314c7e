import { expect, it } from "vitest";
import { describeCondition } from "../../src/policy/describe-condition.ts";

it("says a condition in words, indented by its depth", () => {
  expect(describeCondition({
    any: [
      { all: [{ fact: "container", path: "user.spec", operator: "equal", value: "" }, { not: { fact: "element", operator: "in", value: ["a", 5] } }] },
      { all: [{ fact: "container", path: "limits.pids", operator: "greaterThan", value: { fact: "parameters", path: "most" } }] },
      { fact: "container", path: "limits.memory", operator: "equal", value: null },
      { fact: "element", path: "paths", operator: "anyPathAbove", value: { fact: "container", path: "engineSockets" } },
    ],
  })).toEqual([
    "any of",
    "  all of",
    '    container.user.spec is ""',
    "    not",
    "      element is one of a, 5",
    "  container.limits.pids is more than the parameter most",
    "  container.limits.memory is null",
    "  element.paths has a path that is, or lies above, one of container.engineSockets",
  ]);
});
