/** `harden policy …` as it is typed: what it prints and what it throws. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { addPolicyCommand } from "../../src/cli/policy.ts";
import { builtinPolicies } from "../../src/policy/builtin.ts";
import { messageOf } from "../support/errors.ts";

const MINE = `id: mine
title: "A title with an escape \\e]0;owned\\a in it"
severity: low
target: container
parameters:
  most: { description: How many are fine, default: 5 }
each: [ports]
fail:
  all:
    - { fact: element, path: containerPort, operator: greaterThan, value: { fact: parameters, path: most } }
message: "{container.name}"
rationale: Because.
references: [{ type: cwe, id: CWE-1 }]
remediation: { type: manual, text: "At most {parameters.most}." }
examples:
  fail: [{ resource: { ports: [{ containerPort: 6 }] } }, { resource: { ports: [{ containerPort: 3 }] }, parameters: { most: 2 } }]
  pass: [{ resource: { ports: [{ containerPort: 5 }] } }]
`;

const out = vi.hoisted(() => ({ text: "" }));
vi.mock("../../src/cli/streams.ts", () => ({ isTerminal: () => false, writeOut: (text: string) => { out.text += text; } }));

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "harden-policies-"));
  mkdirSync(join(folder, "deep"));
  writeFileSync(join(folder, "deep/mine.yaml"), MINE);
  out.text = "";
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]): Promise<string> {
  const program = new Command("harden").exitOverride();
  addPolicyCommand(program);
  await program.parseAsync(["policy", ...args], { from: "user" });
  return out.text;
}

describe("policy list", () => {
  it("shows id, severity, target and title of every policy within 80 columns", async () => {
    const lines = (await run("list")).trimEnd().split("\n");
    expect(lines[0]).toMatch(/^ID {5,} SEVERITY {2}TARGET$/);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => /^[a-z]/.test(line)).map((line) => line.split(/ {2,}/))).toEqual(
      builtinPolicies().map(({ id, severity, target }) => [id, severity, target]),
    );
    expect(lines).toContain("  Container runs privileged");
  });

  it("shows what a profile judges", async () => {
    expect(await run("list", "--profile", "baseline")).not.toContain("network-should-be-internal");
    out.text = "";
    expect(await run("list", "--profile", "strict")).toContain("network-should-be-internal");
    expect(await messageOf(() => run("list", "--profile", "stric"))).toEqual(['there is no profile "stric"', '  did you mean "strict"?']);
  });

  it("adds policies from elsewhere, printed so that a terminal does not obey them", async () => {
    const text = await run("list", "--policies", folder);
    expect(text).toMatch(/^mine +low +container\n {2}A title with an escape \\u\{1b\}\]0;owned\\u\{7\} in it$/m);
    expect(text).toContain("container-privileged");
  });
});

describe("policy explain", () => {
  it("says all that a reader needs", async () => {
    writeFileSync(join(folder, "deep/mine.yaml"), MINE.replace(/title: .*/, "title: Too many"));
    expect(await run("explain", "mine", "--policies", folder)).toBe(`mine (low)
Too many

What is judged
  every container

Why
  Because.

How to fix
  At most 5.

At fault is each element of ports of which
  element.containerPort is more than the parameter most

Parameters
  most: How many are fine
    default: 5

Profiles
  baseline, strict

References
  CWE-1

Examples at fault
  { ports: [{ containerPort: 6 }] }
  { ports: [{ containerPort: 3 }] } (with { most: 2 })

Examples not at fault
  { ports: [{ containerPort: 5 }] }
`);
  });

  it.each(builtinPolicies().map(({ id }) => id))("%s has nothing left unsaid, within 80 columns", async (id) => {
    const text = await run("explain", id);
    expect(text).not.toMatch(/undefined|\[object|\{parameters/);
    expect(text.split("\n").filter((line) => line.length > 80 && line.includes(" ", 8))).toEqual([]);
  });

  it("shows where a profile is stricter", async () => {
    expect(await run("explain", "sysctl-conntrack-established-timeout")).toMatch(/default: 86400\n {4}strict: 600\n/);
  });

  it("knows the checks of waivers, which are no policies", async () => {
    expect(await run("explain", "waiver-expired")).toMatch(/^waiver-expired \(medium\)\nWaiver has expired\n\nWhy\n/);
  });

  it("refuses an id that no policy has", async () => {
    expect(await messageOf(() => run("explain", "container-priviledged"))).toEqual(['there is no policy "container-priviledged"', '  did you mean "container-privileged"?']);
    expect(await messageOf(() => run("explain", "x"))).toEqual(['there is no policy "x"', "  `harden policy list` prints the policies"]);
  });
});

describe("policy test", () => {
  it("runs the examples of the built-in policies", async () => {
    expect(await run("test")).toMatch(/^\d+ policies, all sound; \d+ examples, all as claimed\n$/);
  });

  it("runs those of a folder", async () => {
    expect(await run("test", folder)).toBe("1 policy, all sound; 3 examples, all as claimed\n");
  });

  it("judges built-in policies from their own files too", async () => {
    expect(await run("test", "policies")).toMatch(/all sound; \d+ examples, all as claimed\n$/);
  });

  it("counts, and throws every example that is not as claimed with its place", async () => {
    const file = join(folder, "deep/mine.yaml");
    writeFileSync(file, MINE.replace("containerPort: 6", "containerPort: 4").replace("pass: [{", "pass: [{ resource: { prts: [] } }, {"));
    expect(await messageOf(() => run("test", folder))).toEqual([
      `${file}:16:10: the example should fail, and it passes: no element of ports is at fault`,
      `${file}:17:24: unknown key "prts"`,
      '  did you mean "ports"?',
    ]);
    expect(out.text).toBe("1 policy, 1 not sound; 4 examples, 2 not as claimed\n");
  });

  it("refuses a folder without policies", async () => {
    rmSync(join(folder, "deep/mine.yaml"));
    expect(await messageOf(() => run("test", folder))).toEqual([`${folder}: holds no policy (*.yaml, *.yml)`, "  harden policy init ID writes one"]);
    expect(out.text).toBe("");
  });
});

describe("policy schema", () => {
  it("prints the published schema", async () => {
    expect(JSON.parse(await run("schema"))).toMatchObject({ $id: "urn:harden:policy:1", title: "harden policy" });
  });
});

describe("policy coverage", () => {
  it("prints one row a recommendation, within 80 columns where ids allow it, and the counts", async () => {
    const lines = (await run("coverage")).trimEnd().split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => /^\d/.test(line)).length).toBe(117 + 1);
    expect(lines).toContain("5.4     automated  container-cap-add-unneeded container-cap-drop-all");
    expect(lines.at(-1)).toMatch(/^117 recommendations: \d+ automated, \d+ partly, \d+ manual$/);
  });

  it("prints JSON with the same rows", async () => {
    const rows = JSON.parse(await run("coverage", "-o", "json")) as { number: string }[];
    expect(rows.length).toBe(117);
    expect(rows.find(({ number }) => number === "5.5")).toEqual({ number: "5.5", title: "No privileged containers", coverage: "automated", reason: null, policies: ["container-privileged"] });
  });

  it("names the formats that there are", async () => {
    expect(await messageOf(() => run("coverage", "-o", "sarif"))).toEqual(['"sarif" is no format of harden (-o sarif)', "  accepted: console, json"]);
  });
});

describe("policy init", () => {
  it("writes a policy that passes its own test, and never over another", async () => {
    const file = join(folder, "registry-of-ours.yaml");
    await run("init", join(folder, "registry-of-ours"));
    out.text = "";
    expect(await run("test", file)).toBe("1 policy, all sound; 4 examples, all as claimed\n");
    expect(await messageOf(() => run("init", file))).toEqual([`${file}: is there already; nothing was written`, "  choose another id, or try it out: harden policy test FILE"]);
  });

  it.each(["Mine", "9lives", "a_b", ""])("refuses %j, which is no id", async (id) => {
    expect(await messageOf(() => run("init", join(folder, `${id}.yaml`)))).toEqual([expect.stringContaining("is no id of a policy"), "  small letters, digits and dashes, a letter first: registry-of-ours"]);
  });

  it("refuses the id of a built-in policy, which --policies would refuse later", async () => {
    expect(await messageOf(() => run("init", join(folder, "container-privileged")))).toEqual(["container-privileged is the id of a built-in policy", "  choose another one: both could not be told apart"]);
    expect(readdirSync(folder)).toEqual(["deep"]);
  });

  it("makes the folder before the id", async () => {
    expect(await run("init", join(folder, "missing/below/mine-too"))).toContain("missing/below/mine-too.yaml is written. ");
  });

  it("says where it cannot write", async () => {
    expect(await messageOf(() => run("init", "/proc/missing/mine"))).toEqual([expect.stringContaining("/proc/missing/mine.yaml: cannot be written: no such file or directory")]);
  });
});
