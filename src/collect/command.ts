/** Runs host programs for the collectors: bounded in time and output, in a chosen network namespace. */
import { execa } from "execa";
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
  const result = await execa(file, argv, {
    input: options.input ?? "",
    timeout: options.timeout ?? SOURCE_TIMEOUT,
    killSignal: "SIGKILL",
    maxBuffer: MAXIMUM_OUTPUT,
    reject: false,
    stripFinalNewline: false,
    env: { PATH: SEARCH_PATH, LC_ALL: "C" },
  });
  const base = { exitCode: result.exitCode ?? null, stdout: result.stdout, timedOut: result.timedOut };
  // A program that could not even be looked for may well be there, and have something to say.
  if (file === "nsenter" && result.code === "ENOENT") return { ...base, found: true, stderr: NO_NSENTER };
  const found = result.code !== "ENOENT" && !(file === "nsenter" && result.exitCode === NOT_FOUND);
  return { ...base, found, stderr: result.stderr || (result.shortMessage ?? "") };
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
