/** Programs of the machine, run while the lock is held. */
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";

export interface Ran {
  /** Null where the program does not exist, was killed or took too long. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** One line of what it complained of; "" if it did not. */
  readonly complaint: string;
}

export interface Machine {
  /** Runs one program without a shell. Never throws for what it does. */
  readonly run: (program: string, args: readonly string[], input?: string) => Promise<Ran>;
  /** Tells the person what was done, one line. */
  readonly say: (text: string) => void;
}

const TIMEOUT = 120_000;
/** Where administrators' programs live, which a user's PATH may lack. */
const SEARCH_PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin:/usr/local/sbin`;

/**
 * `lock`: the descriptor that holds the lock, null to read only. Programs inherit it, so that one that outlives us keeps the next run waiting until it has
 * done its work.
 */
export function openMachine(lock: number | null, say: (text: string) => void): Machine {
  return { run: (program, args, input = "") => runProgram(lock, program, args, input), say };
}

function runProgram(lock: number | null, program: string, args: readonly string[], input: string): Promise<Ran> {
  return new Promise((resolve) => {
    // In a group of its own: Ctrl-C does not cut it off in the middle.
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe", lock ?? "ignore"], detached: true, env: { ...process.env, PATH: SEARCH_PATH, LC_ALL: "C" } });
    const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
    const timer = setTimeout(() => child.kill("SIGKILL"), TIMEOUT);
    const end = (exitCode: number | null, trouble: string): void => {
      clearTimeout(timer);
      resolve({ exitCode, stdout: stdout(), complaint: exitCode === 0 ? "" : lastLine(stderr()) || trouble });
    };
    child.once("error", (error) => { end(null, "code" in error && error.code === "ENOENT" ? `${program} is not installed` : error.message); });
    child.once("close", (code, signal) => { end(code, signal === null ? `${program} ended with ${code ?? "nothing"}` : `${program} was ended by ${signal}`); });
    // One that ends without reading is told by its exit code.
    child.stdin?.on("error", () => undefined).end(input);
  });
}

function gather(stream: Readable | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
