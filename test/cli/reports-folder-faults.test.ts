/** Folders that are full or read-only, in a mount namespace of their own: the permissions of files do not bind root. What cannot be kept is said, and the audit is made all the same. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { DEMO_SNAPSHOT } from "../../scripts/examples.ts";
import type { Report } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";
import { describeWith } from "../support/requirements.ts";

const OLD = "demo_2026-01-01T03-15-00.000Z.json";
const OLD_TEXT = JSON.stringify({ schemaVersion: "1", target: { kind: "host", name: "demo" }, results: [] });

describeWith({ root: true, programs: ["unshare", "mount"] }, "an audit whose reports cannot be kept", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "harden-reports-"));
    mkdirSync(join(folder, "kept"));
    writeFileSync(join(folder, "kept", OLD), OLD_TEXT);
    writeFileSync(join(folder, "kept/demo.prom"), "# the last night's\n");
  });
  afterEach(() => { rmSync(folder, { recursive: true }); });

  /** What the namespace has mounted is gone with it: what the folder held meanwhile is listed, with sizes, before it ends. */
  async function audit(mounting: string, ...args: readonly string[]): Promise<{ exitCode: number | undefined; report: Report; lines: string[]; held: string }> {
    const script = `${mounting} || exit 99; node=$1; shift; "$node" "$@"; code=$?; (cd kept && ls -A | LC_ALL=C sort && cat ${OLD} demo.prom) >held; exit $code`;
    const { exitCode, stdout, stderr } = await execa("unshare", ["--mount", "--propagation", "private", "sh", "-c", script, "sh", process.execPath, HARDEN, "scan", "--snapshot", DEMO_SNAPSHOT, "-o", "json", ...args],
      { cwd: folder, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false });
    return { exitCode, report: JSON.parse(stdout) as Report, lines: stderr.split("\n").filter((line) => !line.startsWith("  ")), held: readFileSync(join(folder, "held"), "utf8") };
  }

  const READ_ONLY = "mount --bind kept kept && mount -o remount,bind,ro kept";
  /** Holds what was there, and no report of this size. */
  const FULL = "cp -a kept was && mount -t tmpfs -o size=32k none kept && cp -a was/. kept && rm -r was";
  const UNTOUCHED = `demo.prom\n${OLD}\n${OLD_TEXT}# the last night's\n`;

  it.each([
    ["read-only", READ_ONLY, "read-only file system"],
    ["full", FULL, "no space left on device"],
  ])("into a folder that is %s is told, compared with what is there, and leaves that as it is", async (_, mounting, reason) => {
    const { exitCode, report, lines, held } = await audit(mounting, "--reports", "kept", "--baseline", "latest", "--keep-reports", "1");
    expect([exitCode, report.summary.fail > 0, report.fixed]).toEqual([2, true, []]);
    expect(lines).toEqual([expect.stringMatching(/^harden: kept\/demo_2026-\S+Z\.json: cannot be written: /)]);
    expect(lines[0]).toContain(reason);
    expect(held).toBe(UNTOUCHED);
  });

  it.each([["read-only", READ_ONLY, "read-only file system"], ["full", FULL, "no space left on device"]])("writes the other formats where the folder of one is %s", async (_, mounting, reason) => {
    const { exitCode, report, lines, held } = await audit(mounting, "-o", "html=kept/page.html", "-o", "prometheus=demo.prom");
    expect([exitCode, report.summary.fail > 0]).toEqual([2, true]);
    expect(lines).toEqual([expect.stringMatching(`^harden: kept/page\\.html: cannot be written: ${reason}`)]);
    expect(held).toBe(UNTOUCHED);
    expect(readFileSync(join(folder, "demo.prom"), "utf8")).toMatch(/^# HELP harden_/);
  });

  it("keeps last night's metrics where the new ones cannot be written", async () => {
    const { exitCode, lines, held } = await audit(READ_ONLY, "-o", "prometheus=kept/demo.prom");
    expect([exitCode, lines[0]]).toEqual([2, expect.stringMatching(/^harden: kept\/demo\.prom: cannot be written: read-only file system/)]);
    expect(held).toBe(UNTOUCHED);
    expect(readdirSync(folder).sort()).toEqual(["held", "kept"]);
  });
});
