/** `--baseline`: a project with old findings fails on new ones only. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Log } from "sarif";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "harden-baseline-")); });
afterEach(() => { rmSync(folder, { recursive: true }); });

async function run(...args: readonly string[]): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [HARDEN, ...args], { cwd: folder, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false });
  return { exitCode, stdout, stderr };
}

const write = (name: string, text: string): void => { writeFileSync(join(folder, name), text); };
const reportAt = (name: string): Report => JSON.parse(readFileSync(join(folder, name), "utf8")) as Report;
const service = (name: string, lines = ""): string => `  ${name}:\n    image: ${name}:1\n${lines}`;
const PRIVILEGED = "    privileged: true\n";
const WEB = service("web", `${PRIVILEGED}    volumes:\n      - /:/host\n      - /etc:/host-etc\n`);
const DB = service("db", PRIVILEGED);

describe("harden check --baseline", () => {
  beforeEach(async () => {
    write("compose.yaml", `services:\n${WEB}${DB}`);
    expect((await run("check", "compose.yaml", "-o", "json=old.json")).exitCode).toBe(1);
  });

  it("adopts a project as it is", async () => {
    const { exitCode, stdout } = await run("check", "compose.yaml", "--baseline", "old.json", "-o", "json=new.json", "-o", "console");
    expect(exitCode).toBe(0);
    const { summary, fixed, results } = reportAt("new.json");
    expect(summary).toEqual(reportAt("old.json").summary);
    expect(fixed).toEqual([]);
    expect(new Set(results.filter(({ status }) => status === "fail" || status === "unknown").map(({ baselineState }) => baselineState))).toEqual(new Set(["unchanged"]));
    expect(stdout).toContain(`\n0 new, ${summary.fail + summary.unknown} unchanged, 0 fixed · `);
  });

  it("knows its findings again where lines moved, services and mounts are re-ordered, keys are flow or quoted", async () => {
    const web = '  web: { volumes: ["/etc:/host-etc", "/:/host"], "privileged": true, image: "web:1" }\n';
    write("compose.yaml", `# moved\n\nservices:\n\n${DB}\n${web}`);
    const { exitCode } = await run("check", "compose.yaml", "--baseline", "old.json", "-o", "json=new.json");
    expect(reportAt("new.json").results.filter(({ baselineState }) => baselineState === "new")).toEqual([]);
    expect(reportAt("new.json").fixed).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it("knows them again in another clone, under another project name", async () => {
    renameSync(folder, `${folder}-2`);
    folder = `${folder}-2`;
    write("compose.yaml", `name: shop\nservices:\n${WEB}${DB}`);
    expect((await run("check", "compose.yaml", "--baseline", "old.json", "-o", "json=new.json")).exitCode).toBe(0);
    expect(reportAt("new.json").fixed).toEqual([]);
  });

  it("fails on what is new, and says what is fixed", async () => {
    write("compose.yaml", `services:\n${WEB.replace(PRIVILEGED, "")}${DB}${service("evil", "    network_mode: host\n")}`);
    const { exitCode, stdout } = await run("check", "compose.yaml", "--baseline", "old.json", "-o", "json=new.json", "-o", "console");
    expect(exitCode).toBe(1);
    const { results, fixed } = reportAt("new.json");
    const newOnes = results.filter(({ baselineState }) => baselineState === "new");
    expect([...new Set(newOnes.map(({ resource }) => resource.name))]).toEqual(["evil"]);
    expect(newOnes.map(({ policy }) => policy)).toContain("container-host-network");
    expect(fixed?.filter(({ policy }) => policy === "container-privileged").map(({ resource, element }) => [resource.name, element])).toEqual([["web", null]]);
    expect(stdout).toMatch(/✗ \S*evil/);
    expect(stdout).not.toMatch(/✗ \S*db/);
    expect(stdout).toMatch(/\nFixed since the baseline: \d+\n.*container-privileged/s);
  });

  it("knows them from any folder of the checkout", async () => {
    expect((await execa("git", ["init", "--quiet"], { cwd: folder })).exitCode).toBe(0);
    mkdirSync(join(folder, "deploy"));
    write("deploy/compose.yaml", `services:\n${WEB}${DB}`);
    expect((await run("check", "deploy/compose.yaml", "-o", "json=old.json")).exitCode).toBe(1);
    const inside = await execa(process.execPath, [HARDEN, "check", "compose.yaml", "--baseline", "../old.json", "-o", "json"], { cwd: join(folder, "deploy"), reject: false });
    const { results, fixed } = JSON.parse(inside.stdout) as Report;
    expect([inside.exitCode, results.filter(({ baselineState }) => baselineState === "new"), fixed]).toEqual([0, [], []]);
  });

  it("adopts a project with fifty old faults in one command; the fifty-first fails", async () => {
    const services = Array.from({ length: 50 }, (_, index) => service(`s${index}`, PRIVILEGED));
    write("compose.yaml", `services:\n${services.join("")}`);
    expect(await run("check", ".", "-o", "json=baseline.json", "--fail-on", "never")).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(reportAt("baseline.json").results.filter(({ policy, status }) => policy === "container-privileged" && status === "fail")).toHaveLength(50);
    expect((await run("check", ".", "--baseline", "baseline.json")).exitCode).toBe(0);
    write("compose.yaml", `services:\n${[...services].reverse().join("")}${service("s50", PRIVILEGED)}`);
    expect((await run("check", ".", "--baseline", "baseline.json", "-o", "json=new.json")).exitCode).toBe(1);
    const isNew = reportAt("new.json").results.filter(({ baselineState }) => baselineState === "new");
    expect([...new Set(isNew.map(({ resource }) => resource.name))]).toEqual(["s50"]);
    const waived = await run("check", ".", "--baseline", "baseline.json", "-o", "sarif");
    const states = (JSON.parse(waived.stdout) as Log).runs.flatMap(({ results = [] }) => results.map(({ baselineState }) => baselineState));
    expect([...new Set(states)].sort()).toEqual(["new", "unchanged"]);
  });

  it("may be replaced by the very run that reads it", async () => {
    expect((await run("check", "compose.yaml", "--baseline", "old.json", "-o", "json=old.json")).exitCode).toBe(0);
    expect((await run("check", "compose.yaml", "--baseline", "old.json", "-o", "json")).exitCode).toBe(0);
  });

  it("lets a new unknown be exit 3, a known one 0", async () => {
    write("compose.yaml", `services:\n${WEB}${DB.replace("true", "${P}")}${service("cache", "    privileged: ${Q}\n    user: '1000'\n    cap_drop: [ALL]\n    security_opt: ['no-new-privileges:true']\n    mem_limit: 1g\n    pids_limit: 99\n    read_only: true\n")}`);
    const args = ["check", "compose.yaml", "--fail-on", "critical", "-o", "json=new.json", "--baseline"] as const;
    expect((await run(...args, "old.json")).exitCode).toBe(3);
    expect((await run(...args, "new.json")).exitCode).toBe(0);
  });

  it.each([
    ["missing", null, "old2.json: cannot be read: no such file or directory"],
    ["no JSON", "{\n  x", "old2.json:2:3: the baseline is no JSON: invalid symbol"],
    ["of a host", '{"schemaVersion": "1", "target": {"kind": "host"}, "results": []}', 'old2.json:1:34: the baseline is a report on "host", and this one is on "files"'],
    ["a snapshot", '{"schemaVersion": "0"}', 'old2.json:1:19: the baseline has schemaVersion "0"; this harden reads "1"'],
  ])("is exit 2 for a baseline that is %s, and nothing is judged", async (_, text, message) => {
    if (text !== null) write("old2.json", text);
    const { exitCode, stdout, stderr } = await run("check", "compose.yaml", "--baseline", "old2.json");
    expect({ exitCode, stdout, line: stderr.split("\n")[0] }).toEqual({ exitCode: 2, stdout: "", line: `harden: ${message}` });
  });
});

describe("harden scan --baseline", () => {
  it("compares a host with itself", async () => {
    cpSync(new URL("../fixtures/snapshots/demo-host.json", import.meta.url), join(folder, "host.json"));
    expect((await run("scan", "--snapshot", "host.json", "-o", "json=old.json")).exitCode).toBe(1);
    expect((await run("scan", "--snapshot", "host.json", "-o", "json=new.json", "--baseline", "old.json")).exitCode).toBe(0);
    const states = reportAt("new.json").results.map(({ status, baselineState }) => `${status} ${baselineState ?? "-"}`);
    expect(states).toContain("fail unchanged");
    expect(states.filter((state) => !["fail unchanged", "unknown unchanged", "pass -", "notApplicable -"].includes(state))).toEqual([]);
  });

  it.each([
    ["of another host", (report: Report): unknown => ({ ...report, target: { kind: "host", name: "web-2" } }), /^harden: old\.json:\d+:\d+: the baseline is a report on the host "web-2", and this one is on "demo"\n/],
    ["of another version", (report: Report): unknown => ({ ...report, schemaVersion: "2" }), /^harden: old\.json:1:18: the baseline has schemaVersion "2"; this harden reads "1"\n/],
    ["on files", (report: Report): unknown => ({ ...report, target: { kind: "files", name: "." } }), /^harden: old\.json:1:\d+: the baseline is a report on "files", and this one is on "host"\n/],
    ["that is not there", null, /^harden: old\.json: cannot be read: no such file or directory/],
  ])("audits without a comparison, exit 2, where the baseline is one %s", async (_, change, message) => {
    cpSync(new URL("../fixtures/snapshots/demo-host.json", import.meta.url), join(folder, "host.json"));
    expect((await run("scan", "--snapshot", "host.json", "-o", "json=plain.json")).exitCode).toBe(1);
    if (change !== null) write("old.json", JSON.stringify(change(reportAt("plain.json"))));
    const { exitCode, stderr } = await run("scan", "--snapshot", "host.json", "-o", "json=new.json", "--baseline", "old.json");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(reportAt("new.json")).toEqual(reportAt("plain.json"));
  });
});
