/** Runs host programs for the collectors: bounded in time and output, in a chosen network namespace. */
import { execa } from "execa";
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
  const missing = result.code === "ENOENT" || (file === "nsenter" && result.exitCode === 127);
  return {
    found: !missing,
    exitCode: result.exitCode ?? null,
    stdout: result.stdout,
    stderr: result.stderr || (result.shortMessage ?? ""),
    timedOut: result.timedOut,
  };
}

function enterNamespace(program: string, args: readonly string[], networkOf: number | null): [string, string[]] {
  if (networkOf === null) return [program, [...args]];
  return ["nsenter", [`--net=/proc/${networkOf}/ns/net`, "--", program, ...args]];
}
