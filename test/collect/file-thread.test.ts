/** Files on a file system that never answers. Whole audits: test/e2e/compose-drift.test.ts. */
import { mkdtempSync, mkdirSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { callFiles } from "../../src/collect/file-thread.ts";
import { DEAD_MOUNT, runBesideDeadMount } from "../support/dead-mount.ts";
import { describeWith } from "../support/requirements.ts";

const sourceOf = (path: string): string => JSON.stringify(fileURLToPath(new URL(`../../src/${path}`, import.meta.url)));

it("hands back what node:fs returns, and throws what it throws", () => {
  expect(callFiles("/", "readlinkSync", "/proc/self/ns/mnt")).toMatch(/^mnt:/);
  expect(() => callFiles("/none", "lstatSync", "/none", { bigint: true })).toThrow(expect.objectContaining({ code: "ENOENT", message: "ENOENT: no such file or directory, lstat '/none'" }) as Error);
});

describeWith(DEAD_MOUNT, "on a file system that never answers", () => {
  let folder: string;
  let dead: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "harden-dead-"));
    dead = join(folder, "dead");
    mkdirSync(dead);
    symlinkSync(dead, join(folder, "link"));
    writeFileSync(join(folder, "good.yaml"), "a: 1\n");
  });
  afterEach(() => {
    rmdirSync(dead);
    rmSync(folder, { recursive: true });
  });

  /** What the script logs, a line each, and the exit code. */
  async function run(script: string): Promise<[string[], number]> {
    const { stdout, stderr, exitCode } = await runBesideDeadMount(dead, [process.execPath, "--input-type=module", "--eval", `
      import { openHostFiles } from ${sourceOf("collect/compose-files.ts")};
      import { stampFile } from ${sourceOf("collect/stamp-file.ts")};
      import { leaveStuckThreads } from ${sourceOf("cli/leave.ts")};
      const [folder, dead] = ${JSON.stringify([folder, dead])};
      ${script}
      process.exitCode = 7;
      await leaveStuckThreads();`]);
    expect(stderr).toBe("");
    return [stdout.split("\n"), exitCode];
  }

  it("a file is refused, whatever is beside it is read, and the process ends", async () => {
    expect(await run(`
      const read = openHostFiles();
      for (const path of [dead + "/a/compose.yaml", dead + "/b/.env", folder + "/link/c", folder + "/good.yaml"]) console.log(read(path).text ?? read(path).reason);
      console.log(stampFile(dead + "/a/compose.yaml"));
    `)).toEqual([["its file system does not answer", "its file system does not answer", "its file system does not answer", "a: 1", "", "ETIMEDOUT"], 7]);
  });

  it("is left to itself where several hang, and so is what comes then", async () => {
    expect(await run(`
      import { callFiles } from ${sourceOf("collect/file-thread.ts")};
      for (const subject of ["a", "b", "c", "d"]) try { callFiles(subject, "lstatSync", dead, { bigint: true }); } catch ({ code }) { console.log(subject, code); }
      console.log(openHostFiles()(folder + "/good.yaml").reason);
    `)).toEqual([["a ETIMEDOUT", "b ETIMEDOUT", "c ETIMEDOUT", "d TOO_MANY_STUCK", "too many others before it do not answer"], 7]);
  });

  it("is asked again once it has answered after all", async () => {
    expect(await run(`
      import { execFileSync } from "node:child_process";
      import { setTimeout as sleep } from "node:timers/promises";
      const path = dead + "/compose.yaml";
      const before = openHostFiles()(path);
      console.log(before.reason, stampFile(path) === before.stamp);
      try { execFileSync("umount", ["--force", "--no-canonicalize", dead], { stdio: "ignore" }); } catch {}
      while (stampFile(path) === before.stamp) await sleep(20);
      console.log(openHostFiles()(path).fault);
    `)).toEqual([["its file system does not answer true", expect.stringMatching(/^(missing|unreadable)$/)], 7]);
  });
});
