/** `harden watch` as a process of its own, and what it prints. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { HARDEN } from "./harden.ts";

/** A line of `-o json`, as far as tests look at it. */
export interface ChangeLine {
  readonly change: "new" | "fixed";
  readonly time: string;
  readonly policy: string;
  readonly resource: { readonly id: string | null };
  readonly element: string | null;
  readonly fingerprint: string;
}

export interface Watch {
  readonly child: ChildProcess;
  /** Standard error so far. */
  readonly errors: () => string;
  /** Standard output so far. */
  readonly output: () => string;
  /** Hands over the lines that were not handed over yet, and those that come, until `isDone`. */
  readonly follow: (take: (line: ChangeLine) => void, isDone: () => boolean) => Promise<void>;
  /** Resolves once standard error matches. */
  readonly said: (pattern: RegExp) => Promise<void>;
  /** Sends a signal; the exit code. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** What may be waited for, milliseconds: far more than it takes, so that no busy machine fails a test. */
const LONGEST = 60_000;

/** Ready when it has looked for the first time, unless `isReady` says otherwise. */
export async function startWatch(args: readonly string[], env: Readonly<Record<string, string>>, isReady = /harden: watching /): Promise<Watch> {
  const child = spawn(process.execPath, [HARDEN, "watch", ...args], {
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/", ...env }, stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr, taken] = ["", "", 0];
  child.stdout.setEncoding("utf8").on("data", (text: string) => { stdout += text; });
  child.stderr.setEncoding("utf8").on("data", (text: string) => { stderr += text; });
  const until = async (isDone: () => boolean, what: string): Promise<void> => {
    const start = Date.now();
    while (!isDone()) {
      if (Date.now() - start > LONGEST) throw new Error(`harden watch did not get to ${what}: ${stderr}\n${stdout.slice(-2000)}`);
      if (child.exitCode !== null) throw new Error(`harden watch ended with ${child.exitCode} before ${what}: ${stderr}`);
      await sleep(10);
    }
  };
  const watch: Watch = {
    child,
    errors: () => stderr,
    output: () => stdout,
    async follow(take, isDone) {
      await until(() => {
        const end = stdout.lastIndexOf("\n") + 1;
        for (const line of stdout.slice(taken, end).split("\n")) if (line !== "") take(JSON.parse(line) as ChangeLine);
        taken = Math.max(taken, end);
        return isDone();
      }, "those changes");
    },
    said: (pattern) => until(() => pattern.test(stderr), String(pattern)),
    async end(signal = "SIGTERM") {
      const ended = once(child, "close");
      child.kill(signal);
      await ended;
      return child.exitCode;
    },
  };
  await watch.said(isReady);
  return watch;
}
