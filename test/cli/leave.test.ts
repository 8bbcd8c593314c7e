import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { plantTree } from "../support/tree.ts";

const LEAVE = fileURLToPath(new URL("../../src/cli/leave.ts", import.meta.url));

/** A pipe without a writer holds a thread as a dead mount does. */
function run(code: string) {
  const pipe = join(plantTree({ "/x": "" }), "pipe");
  execFileSync("mkfifo", [pipe]);
  const script = `
    import { leaveStuckThreads } from ${JSON.stringify(LEAVE)};
    import { open } from "node:fs/promises";
    process.exitCode = 3;
    const stick = () => void open(${JSON.stringify(pipe)});
    ${code}`;
  return execa(process.execPath, ["--input-type=module", "--eval", script], { reject: false, timeout: 3000, killSignal: "SIGKILL" });
}

test("Node alone would wait for ever, even when told to exit", async () => {
  expect((await run("stick(); setTimeout(() => process.exit(3), 50)")).timedOut).toBe(true);
});

test("a stuck thread does not hold up the end, its exit code or what was written", async () => {
  const { exitCode, stdout, stderr } = await run('stick(); setTimeout(() => { process.stdout.write("x".repeat(200_000)); void leaveStuckThreads(); }, 50)');
  expect([exitCode, stdout.length, stderr]).toEqual([3, 200_000, ""]);
});

test("without one the process goes on", async () => {
  const { exitCode, stdout } = await run('await leaveStuckThreads(); process.stdout.write("on")');
  expect([exitCode, stdout]).toEqual([3, "on"]);
});
