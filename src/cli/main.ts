/** The process: parses the command line, runs one command, turns what happened into an exit code. */
import { Command, CommanderError } from "commander";
import { formatError, HardenError } from "../errors.ts";
import { suggest } from "../text.ts";
import { addCheckCommand } from "./check.ts";
import { addCollectCommand } from "./collect.ts";
import { addDiagnoseCommand } from "./diagnose.ts";
import { leaveStuckThreads } from "./leave.ts";
import { addPolicyCommand } from "./policy.ts";
import { addScanCommand } from "./scan.ts";
import { writeError, writeOut } from "./streams.ts";
import { addTraceCommand } from "./trace.ts";
import { VERSION } from "./version.ts";

export async function main(argv: readonly string[]): Promise<void> {
  try {
    await buildProgram().parseAsync([...argv], { from: "user" });
  } catch (error) {
    process.exitCode = report(error);
  }
  await leaveStuckThreads();
}

function buildProgram(): Command {
  const program = new Command("harden")
    .description("Audits this container host: says what is wrong, exactly where and why, and writes what puts it right.")
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: () => undefined, writeOut })
    .showHelpAfterError(false)
    .addHelpText("after", `
Without a command harden scans this host.

Exit codes: 0 nothing at or above --fail-on; 1 a fault at or above it; 2 usage, unreadable input,
bad policy; 3 no fault, but a check at or above it could not be decided.

Examples:
  harden                                    audit this host
  harden -o sarif=host.sarif -o console     the same, and a SARIF file
  harden --plan remediation/                write what would put it right as files
  harden collect > host.json                take a snapshot, to judge elsewhere
  harden scan --snapshot host.json          judge it
  harden diagnose web                       why can a container not be reached?
  harden policy explain container-privileged`);
  addScanCommand(program, (words) => { refuseWords(words, program); });
  addCheckCommand(program);
  addCollectCommand(program);
  addTraceCommand(program);
  addDiagnoseCommand(program);
  addPolicyCommand(program);
  return program;
}

/** Says what is wrong on standard error; the exit code. What is not a known error is a fault of harden and keeps its stack. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    writeError(`${error.message.replace(/^error: /, "harden: ")}\n  harden --help lists commands and options\n`);
    return 2;
  }
  if (error instanceof HardenError) {
    writeError(`harden: ${formatError(error)}\n`);
    return 2;
  }
  throw error;
}

/** A word where no argument is expected: most likely a mistyped command. */
function refuseWords(words: readonly string[], program: Command): void {
  const [word] = words;
  if (word === undefined) return;
  const names = program.commands.map((command) => command.name());
  throw new HardenError(`"${word}" is no command of harden`, { hint: suggest(word, names) });
}
