import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pathInProcess } from "../../src/collect/process-root.ts";
import { describeWith } from "../support/requirements.ts";

test("a process with our own view: the path as it is, a relative one from its working directory", () => {
  expect(pathInProcess(process.pid, "/etc/docker/daemon.json")).toBe("/etc/docker/daemon.json");
  expect(pathInProcess(process.pid, "run/docker.sock")).toBe(join(process.cwd(), "run/docker.sock"));
});

describeWith({ root: true, programs: ["unshare", "mount"] }, "a process in a mount namespace of its own", () => {
  let folder: string;
  let other: ChildProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "harden-"));
    for (const name of ["seen", "hidden"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "seen/file"), "ours");
    writeFileSync(join(folder, "hidden/file"), "theirs");
    symlinkSync(join(folder, "seen"), join(folder, "absolute"));
    symlinkSync("seen/../seen", join(folder, "relative"));
    other = spawn("unshare", ["--mount", "sh", "-c", `mount --bind ${folder}/hidden ${folder}/seen && echo ready && exec sleep 60`], { stdio: ["ignore", "pipe", "ignore"] });
    await new Promise((resolve) => other.stdout?.once("data", resolve));
  });
  afterAll(() => {
    other.kill();
    rmSync(folder, { recursive: true });
  });

  test.each(["seen/file", "absolute/file", "relative/file", "./seen//../seen/file"])("sees its own files: %s", (path) => {
    const there = `${folder}/${path}`;
    expect([readFileSync(there, "utf8"), readFileSync(pathInProcess(other.pid ?? 0, there), "utf8")]).toEqual(["ours", "theirs"]);
  });

  test("links that lead in a circle end", () => {
    symlinkSync("loop", join(folder, "loop"));
    expect(() => readFileSync(pathInProcess(other.pid ?? 0, `${folder}/loop`))).toThrow();
  });
});
