import { expect, test } from "vitest";
import { choosePaint } from "../../../src/report/console/paint.ts";
import { printUnknowns } from "../../../src/report/console/unknowns.ts";
import { unknownOf } from "../../support/report.ts";

const print = (...results: ReturnType<typeof unknownOf>[]): string[] => printUnknowns(results, choosePaint(false), 80);

test("two hundred unknowns of one reason are a few lines", () => {
  const results = Array.from({ length: 200 }, (_, index) => unknownOf(`policy-${index % 20}`, `container-${Math.floor(index / 20)}`, "the engine died", { severity: index % 20 === 7 ? "critical" : "low" }));
  expect(print(...results)).toEqual([
    "Could not be decided: 200 checks",
    "  ? the engine died (200 checks, worst critical)",
    "    policy-7, policy-0, policy-1, policy-2, policy-3, policy-4 and 14 more",
    "    on container-0, container-1, container-2, container-3, container-4,",
    "      container-5 and 4 more",
    "",
  ]);
});

test("reasons are sorted by what they hide", () => {
  expect(print(
    unknownOf("a", "x", "small", { severity: "low" }),
    unknownOf("b", "x", "big", { severity: "medium" }),
    unknownOf("c", "x", "bigger", { severity: "medium" }),
    unknownOf("d", "x", "bigger", { severity: "low" }),
  ).filter((line) => line.startsWith("  ?"))).toEqual(["  ? bigger (2 checks, worst medium)", "  ? big (medium)", "  ? small (low)"]);
});

test("none", () => {
  expect(print()).toEqual([]);
});

test("what could not be looked at as a whole is not said to be on the few resources that could", () => {
  const nowhere = unknownOf("a", "x", "the engine died", { severity: "low", resource: { kind: "container", id: null, name: null } });
  expect(print(nowhere, unknownOf("b", "v4", "the engine died", { severity: "low" }))).not.toContain("    on v4");
});
