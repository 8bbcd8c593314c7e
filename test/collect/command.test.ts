import { expect, test } from "vitest";
import { runCommand } from "../../src/collect/command.ts";
import { describeWith } from "../support/requirements.ts";

const SHELL = ["-c", "echo out; echo \"$LC_ALL\" >&2; exit 3"];

test("a program's exit code, output and complaint, in the C locale", async () => {
  expect(await runCommand("sh", SHELL)).toEqual({ found: true, exitCode: 3, stdout: "out\n", stderr: "C\n", timedOut: false });
});

test("one that does not exist is told as that", async () => {
  expect(await runCommand("no-such-program", [])).toMatchObject({ found: false, exitCode: null });
});

test("one that does not end is killed", async () => {
  expect(await runCommand("sleep", ["30"], { timeout: 100 })).toMatchObject({ found: true, exitCode: null, timedOut: true });
});

test("one that was killed by someone else says so", async () => {
  const { exitCode, stderr } = await runCommand("sh", ["-c", "kill -9 $$"]);
  expect([exitCode, stderr]).toEqual([null, expect.stringContaining("SIGKILL")]);
});

describeWith({ root: true, programs: ["nsenter"] }, "in the network namespace of a process", () => {
  test("the program runs as elsewhere", async () => {
    expect(await runCommand("sh", SHELL, { networkOf: process.pid })).toMatchObject({ found: true, exitCode: 3, stdout: "out\n" });
  });

  test("a program that does not exist is told as that", async () => {
    expect(await runCommand("no-such-program", [], { networkOf: process.pid })).toMatchObject({ found: false });
  });

  test("a process that is gone is the trouble, not the program", async () => {
    const { found, exitCode, stderr } = await runCommand("sh", SHELL, { networkOf: 2 ** 22 + 1 });
    expect([found, exitCode, stderr]).toEqual([true, 1, expect.stringContaining("No such file or directory")]);
  });
});
