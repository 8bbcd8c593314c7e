/** `--reports` and `--baseline latest`: what is new since the last audit, and how many reports stay. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEMO_SNAPSHOT } from "../../scripts/examples.ts";
import type { Report } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "harden-reports-")); });
afterEach(() => { rmSync(folder, { recursive: true }); });

/** Audits the demo host as it was on that day. */
async function audit(day: number, args: readonly string[] = []): Promise<{ exitCode: number | undefined; stderr: string; report: Report }> {
  const snapshot = { ...(JSON.parse(readFileSync(DEMO_SNAPSHOT, "utf8")) as Record<string, unknown>), collectedAt: `2026-03-${String(day).padStart(2, "0")}T03:15:00.000Z` };
  writeFileSync(join(folder, "snapshot.json"), JSON.stringify(snapshot));
  const { exitCode, stderr, stdout } = await execa(process.execPath, [HARDEN, "scan", "--snapshot", "snapshot.json", "--reports", "kept", "-o", "json", ...args], { cwd: folder, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false });
  return { exitCode, stderr, report: JSON.parse(stdout || "null") as Report };
}

const kept = (): string[] => readdirSync(join(folder, "kept")).sort();

describe("a folder of reports", () => {
  it("gives the baseline: the first audit has none, the second finds nothing new", async () => {
    const first = await audit(1, ["--baseline", "latest"]);
    expect([first.exitCode, first.stderr, first.report.fixed]).toEqual([1, "", undefined]);
    const second = await audit(2, ["--baseline", "latest"]);
    expect([second.exitCode, second.stderr, second.report.fixed]).toEqual([0, "", []]);
    expect(kept()).toEqual(["demo_2026-03-01T03-15-00.000Z.json", "demo_2026-03-02T03-15-00.000Z.json"]);
    expect(JSON.parse(readFileSync(join(folder, "kept", kept()[1] ?? ""), "utf8"))).toEqual(second.report);
  });

  it("is for its owner alone, also where the folder was there already", async () => {
    await audit(1);
    const modes = (): string[] => ["kept", ...kept().map((file) => `kept/${file}`)].map((path) => (statSync(join(folder, path)).mode & 0o777).toString(8));
    expect(modes()).toEqual(["700", "600"]);
    chmodSync(join(folder, "kept"), 0o755);
    await audit(2);
    expect(modes()).toEqual(["755", "600", "600"]);
  });

  it("keeps so many of this host, and touches nothing else", async () => {
    mkdirSync(join(folder, "kept"));
    const others = ["notes.txt", "other_2026-01-01T03-15-00.000Z.json", "demo_old.json"];
    for (const name of others) writeFileSync(join(folder, "kept", name), "");
    for (const day of [1, 2, 3]) await audit(day, ["--keep-reports", "2"]);
    expect(kept()).toEqual(["demo_2026-03-02T03-15-00.000Z.json", "demo_2026-03-03T03-15-00.000Z.json", ...others].sort());
  });

  it("that cannot be written, or whose newest report cannot be read, is told of, and the audit goes on", async () => {
    writeFileSync(join(folder, "kept"), "a file");
    const blocked = await audit(1);
    expect([blocked.exitCode, blocked.report.summary.fail > 0]).toEqual([2, true]);
    expect(blocked.stderr).toMatch(/^harden: kept/);
    rmSync(join(folder, "kept"));
    mkdirSync(join(folder, "kept"));
    writeFileSync(join(folder, "kept/demo_2026-02-01T03-15-00.000Z.json"), "{");
    const broken = await audit(1, ["--baseline", "latest"]);
    expect([broken.exitCode, broken.report.fixed, broken.report.summary.fail > 0]).toEqual([2, undefined, true]);
    expect(broken.stderr).toContain("kept/demo_2026-02-01T03-15-00.000Z.json:1:2: the baseline is no JSON");
    const mended = await audit(2, ["--baseline", "latest"]);
    expect([mended.exitCode, mended.stderr, mended.report.fixed]).toEqual([0, "", []]);
  });

  it("that is empty gives no baseline, and a report on another host under the name of this one is none", async () => {
    mkdirSync(join(folder, "kept"));
    expect((await audit(1, ["--baseline", "latest"])).exitCode).toBe(1);
    const [own = ""] = kept();
    writeFileSync(join(folder, "kept/demo_2026-03-01T09-00-00.000Z.json"), readFileSync(join(folder, "kept", own), "utf8").replace('"name": "demo"', '"name": "web-2"'));
    const { exitCode, stderr, report } = await audit(2, ["--baseline", "latest"]);
    expect([exitCode, report.fixed, report.summary.fail > 0]).toEqual([2, undefined, true]);
    expect(stderr).toMatch(/^harden: kept\/demo_2026-03-01T09-00-00\.000Z\.json:\d+:\d+: the baseline is a report on the host "web-2", and this one is on "demo"/);
  });

  it.each([[["--baseline", "latest"], "--baseline latest needs the folder of reports"], [["--reports", "x", "--keep-reports", "none"], "--keep-reports none is no number of reports"]])("%j is refused", async (args, message) => {
    const { exitCode, stderr } = await execa(process.execPath, [HARDEN, "scan", "--snapshot", DEMO_SNAPSHOT, ...args], { cwd: folder, reject: false });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
