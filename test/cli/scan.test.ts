/** The command as a user meets it: exit codes and every word on standard error for bad input. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { runHarden } from "../support/harden.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "harden-scan-")); });
afterAll(() => { rmSync(folder, { recursive: true }); });

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const sound = containerOf("sound", {
  Config: { User: "1000" },
  HostConfig: { CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"], NetworkMode: "app" },
});
const privileged = containerOf("priv", { HostConfig: { Privileged: true } });
const inspectFailed = { id: "x".repeat(64), name: "broken", inspect: null, error: "GET /containers/x/json: HTTP 500 oops" };

/** A host on which only containers can be at fault: the rest was read and is in order, or is not judged here. */
function hostOf(...containers: ReturnType<typeof containerOf>[]): string {
  return JSON.stringify(snapshotOf({ containers }));
}

async function containersOf(file: string, ...args: string[]): Promise<{ exitCode: number; statuses: string[] }> {
  const run = await runHarden(["scan", "--snapshot", file, "-o", "json", ...args]);
  const { results } = JSON.parse(run.stdout) as Report;
  const statuses = results.filter((result) => result.resource.kind === "container" && result.policy === "container-privileged").map((result) => result.status);
  return { exitCode: run.exitCode, statuses };
}

describe("exit codes", () => {
  it("is 1 for a fault at --fail-on, 0 below it and with never", async () => {
    const file = write("privileged.json", hostOf(privileged));
    expect(await containersOf(file, "--fail-on", "critical")).toEqual({ exitCode: 1, statuses: ["fail"] });
    expect((await containersOf(file, "--fail-on", "never")).exitCode).toBe(0);
    expect((await containersOf(write("sound.json", hostOf(sound)), "--fail-on", "critical")).exitCode).toBe(0);
  });

  it("is 3 where nothing failed and something at --fail-on is unknown", async () => {
    const file = write("unknown.json", hostOf(inspectFailed, sound));
    expect(await containersOf(file, "--fail-on", "critical")).toEqual({ exitCode: 3, statuses: ["unknown", "pass"] });
  });

  it("is 1 where both are there", async () => {
    expect((await containersOf(write("both.json", hostOf(inspectFailed, privileged)), "--fail-on", "critical")).exitCode).toBe(1);
  });

  it("is 2 where an output cannot be written, and what can be is written all the same", async () => {
    const file = write("privileged.json", hostOf(privileged));
    const out = join(folder, "out.json");
    const run = await runHarden(["--snapshot", file, "-o", "sarif=/proc/none/x.sarif", "-o", `json=${out}`]);
    expect(run).toEqual({ exitCode: 2, stdout: "", stderr: "harden: /proc/none/x.sarif: cannot be written: no such file or directory\n" });
    expect((JSON.parse(readFileSync(out, "utf8")) as Report).summary.bySeverity.critical).toBeGreaterThan(0);
  });
});

describe("bad input ends with 2 and says where, what and what would be right", () => {
  const refused = async (args: readonly string[], input = ""): Promise<string> => {
    const { exitCode, stdout, stderr } = await runHarden(args, {}, input);
    expect([exitCode, stdout]).toEqual([2, ""]);
    return stderr;
  };

  it("a missing snapshot", async () => {
    expect(await refused(["--snapshot", "/none.json"])).toBe(
      "harden: /none.json: the snapshot cannot be read: no such file or directory\n",
    );
  });

  it("an empty one", async () => {
    expect(await refused(["--snapshot", write("empty.json", " \n")])).toContain("empty.json: the snapshot is empty\n  harden collect > FILE makes one");
  });

  it("one that is cut off", async () => {
    const text = hostOf(sound);
    const file = write("cut.json", text.slice(0, text.length / 2));
    expect(await refused(["--snapshot", file])).toMatch(/cut\.json:1:\d+: the snapshot is cut off: the JSON ends too early/);
  });

  it("no JSON, on standard input, with line and column", async () => {
    expect(await refused(["scan", "--snapshot", "-"], '{"a": 1,\n  oops}')).toMatch(/^harden: standard input:2:3: the snapshot is no JSON/);
  });

  it("another version", async () => {
    const file = write("version.json", '{"schemaVersion": "9"}');
    expect(await refused(["--snapshot", file])).toContain('the snapshot has schemaVersion "9"; this harden reads "1"');
  });

  it("something else that is JSON", async () => {
    expect(await refused(["--snapshot", write("other.json", "[1, 2]")])).toContain("this is no snapshot of harden: it has no schemaVersion");
  });

  it("a snapshot of another shape, at the line", async () => {
    const text = JSON.stringify(snapshotOf(), null, 1).replace('"hostname": "test-host"', '"hostname": 7');
    const line = text.split("\n").findIndex((entry) => entry.includes('"hostname": 7')) + 1;
    expect(await refused(["--snapshot", write("shape.json", text)])).toContain(`shape.json:${line}:`);
  });

  it.each([
    [["chekc"], '"chekc" is no command of harden\n  '],
    [["--porfile", "x"], "unknown option '--porfile'"],
    [["--fail-on", "hihg"], '--fail-on hihg is not accepted\n  did you mean "high"?'],
    [["--profile", "strickt"], 'there is no profile "strickt"\n  did you mean "strict"?'],
    [["-o", "json", "-o", "sarif"], "-o json and sarif would both go to standard output"],
    [["--policies", "/none"], "/none"],
    [["--plan", ""], "harden: --plan names no folder\n  --plan DIR\n"],
    [["--reports="], "harden: --reports names no folder\n  --reports DIR\n"],
    [["--config", "/none.yaml"], "/none.yaml"],
  ])("%j", async (args, message) => {
    expect(await refused(args)).toContain(message);
  });

  it("a DOCKER_HOST that is no address", async () => {
    const { exitCode, stderr } = await runHarden([], { DOCKER_HOST: "foo://x" });
    expect([exitCode, stderr]).toEqual([
      2, 'harden: DOCKER_HOST is no address of an engine that harden can use: "foo://x"\n  accepted: unix:///path/to/docker.sock, tcp://host:port\n',
    ]);
  });
});

it("says its version, and gives help that names every command", async () => {
  expect((await runHarden(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const help = await runHarden(["--help"]);
  expect([help.exitCode, help.stderr]).toEqual([0, ""]);
  for (const command of ["scan", "collect", "policy"]) expect(help.stdout).toContain(`  ${command}`);
});

it("gives the same bytes for the same snapshot", async () => {
  const file = write("privileged.json", hostOf(privileged, sound));
  const runs = await Promise.all(["json", "sarif", "console"].flatMap((format) => [format, format]).map((format) => runHarden(["--snapshot", file, "-o", format])));
  for (let index = 0; index < runs.length; index += 2) expect(runs[index]).toEqual(runs[index + 1]);
});

it("a waiver covers what it names, and the report says so", async () => {
  const file = write("privileged.json", hostOf(privileged));
  const settings = "waivers:\n  - { policy: container-*, resource: priv, reason: build host, expires: 2026-12-31 }\n";
  const config = write("settings.yaml", settings);
  const run = await runHarden(["--snapshot", file, "--config", config, "-o", "json", "--fail-on", "critical"]);
  const report = JSON.parse(run.stdout) as Report;
  const waived = report.results.filter((result) => result.waiver !== null);
  expect([run.exitCode, waived.length > 0, report.summary.bySeverity.critical]).toEqual([0, true, 0]);
  expect(waived.every((result) => result.waiver?.reason === "build host" && result.status === "fail")).toBe(true);
});
