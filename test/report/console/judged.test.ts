import { expect, test } from "vitest";
import type { JudgedInput } from "../../../src/policy/model/report.ts";
import { choosePaint } from "../../../src/report/console/paint.ts";
import { printJudged } from "../../../src/report/console/judged.ts";
import { reportOf } from "../../support/report.ts";

const projectOf = (project: string, changes: Partial<JudgedInput> = {}): JudgedInput => ({
  name: `${project}/compose.yaml`, type: "compose", files: [{ file: `${project}/compose.yaml`, role: "compose" }], project, daemon: [], variables: [], profiles: [], leftOut: [], ...changes,
});
const print = (inputs: JudgedInput[], skipped = 0): string[] => printJudged(reportOf([], { inputs, skipped }), choosePaint(false), 80);

test("a project is a line, with another for its variables and one for what profiles leave out", () => {
  const shop = projectOf("shop", {
    files: [
      { file: "compose.yaml", role: "compose" }, { file: ".env", role: "environment" }, { file: "compose.override.yaml", role: "override" },
      { file: "a.yaml", role: "include" }, { file: "b.yaml", role: "extends" }, { file: "w.env", role: "env_file" },
    ],
    daemon: ["daemon.json"],
    variables: [{ name: "A", from: ".env:3" }, { name: "B", from: "default" }, { name: "C", from: "none" }],
    leftOut: [{ service: "debug", profiles: ["dev", "test"] }, { service: "seed", profiles: ["init"] }],
  });
  expect(print([shop, { name: "daemon.json", type: "daemon", files: [] }, { name: "own.conf", type: "sysctl", files: [] }], 1)).toEqual([
    "What was judged",
    "  - project shop: compose.yaml, .env, compose.override.yaml, a.yaml (included),",
    "    b.yaml (extended), w.env (env_file); engine: daemon.json",
    "    variables: C (no value), A (.env:3), B (default)",
    "    only with a profile: debug (dev or test), seed (init)",
    "  - daemon.json, own.conf",
    "  - 1 other file of no kind that harden knows",
    "",
  ]);
});

test("the engine is assumed, given or not clear", () => {
  expect([[], ["a/daemon.json"], ["a/daemon.json", "b/daemon.json"]].map((daemon) => print([projectOf("p", { daemon })])[1])).toEqual([
    "  - project p: p/compose.yaml; engine: an engine's defaults, assumed",
    "  - project p: p/compose.yaml; engine: a/daemon.json",
    "  - project p: p/compose.yaml; engine: not clear which of a/daemon.json,",
  ]);
});

test("many projects are counted, and so are many names", () => {
  const many = Array.from({ length: 1000 }, (_, index) => projectOf(`p${index}`));
  expect(print(many).slice(5)).toEqual(["  - project p4: p4/compose.yaml; engine: an engine's defaults, assumed", "  - 995 more projects, which the JSON report describes", ""]);
  const variables = Array.from({ length: 9 }, (_, index) => ({ name: `V${index}`, from: "environment" }));
  expect(print([projectOf("p", { variables })])[2]).toBe("    variables: V0 (environment), V1 (environment), V2 (environment), V3");
});

test("a host has no such block", () => {
  expect(printJudged(reportOf([]), choosePaint(false), 80)).toEqual([]);
});
