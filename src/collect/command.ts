/** Runs host programs for the collectors: bounded in time and output, in a chosen network namespace. */
import { execFile, type ExecFileException } from "node:child_process";
import { killWithUs } from "./children.ts";
import { readProcLink } from "./proc.ts";
import { SOURCE_TIMEOUT } from "./subject.ts";

export interface CommandResult {
  /** False where the program does not exist. */
  readonly found: boolean;
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface CommandOptions {
  /** Enter the network namespace of this process (nsenter --net); nothing else of it is entered. */
  readonly networkOf?: number | null;
  readonly input?: string;
  readonly timeout?: number;
}

const MAXIMUM_OUTPUT = 64 * 1024 * 1024;
/** Where administrators' programs live, which a user's PATH may lack. */
const SEARCH_PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin:/usr/local/sbin`;

/** Runs one program without a shell. Never throws for what the program does. */
export async function runCommand(program: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [file, argv] = enterNamespace(program, args, options.networkOf ?? null);
  const { error, stdout, stderr } = await execute(file, argv, options);
  const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : null;
  const base = { exitCode, stdout, timedOut: error?.killed === true && error.code === null };
  // A program that could not even be looked for may well be there, and have something to say.
  if (file === "nsenter" && error?.code === "ENOENT") return { ...base, found: true, stderr: NO_NSENTER };
  const found = error?.code !== "ENOENT" && !(file === "nsenter" && exitCode === NOT_FOUND);
  return { ...base, found, stderr: stderr || (error === null ? "" : explain(program, error)) };
}

interface Executed {
  readonly error: ExecFileException | null;
  readonly stdout: string;
  readonly stderr: string;
}

function execute(file: string, argv: readonly string[], { input = "", timeout = SOURCE_TIMEOUT }: CommandOptions): Promise<Executed> {
  return new Promise((resolve) => {
    const settings = { timeout, killSignal: "SIGKILL", maxBuffer: MAXIMUM_OUTPUT, env: { ...process.env, PATH: SEARCH_PATH, LC_ALL: "C" } } as const;
    const child = execFile(file, argv, settings, (error, stdout, stderr) => { resolve({ error, stdout, stderr }); });
    killWithUs(child);
    // One that ends without reading is told by its exit code.
    child.stdin?.on("error", () => undefined).end(input);
  });
}

function explain(program: string, { code, signal, message }: ExecFileException): string {
  if (signal != null) return `${program} was killed by ${signal}`;
  return typeof code === "number" ? `${program} ended with exit code ${code}` : message;
}

const NO_NSENTER = "nsenter (package util-linux) is not installed, so the engine's network namespace cannot be entered";
/** nsenter's exit code for a program that does not exist. */
const NOT_FOUND = 127;

function enterNamespace(program: string, args: readonly string[], networkOf: number | null): [string, string[]] {
  if (networkOf === null || sharesOwnNetwork(networkOf)) return [program, [...args]];
  return ["nsenter", [`--net=/proc/${networkOf}/ns/net`, "--", program, ...args]];
}

/** Entering takes rights, even where one is already (setns(2)). */
function sharesOwnNetwork(pid: number): boolean {
  const theirs = readProcLink(`/proc/${pid}/ns/net`);
  return theirs !== null && theirs === readProcLink("/proc/self/ns/net");
}
