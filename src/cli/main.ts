/** The process: parses the command line, runs one command, turns what happened into an exit code. */
import { Command, CommanderError } from "commander";
import { formatError, HardenError } from "../errors.ts";
import { suggest } from "../text.ts";
import { leaveStuckThreads } from "./leave.ts";
import { writeError, writeOut } from "./streams.ts";
import { VERSION } from "./version.ts";

export async function main(argv: readonly string[]): Promise<void> {
  try {
    await (await buildProgram(argv[0] ?? "")).parseAsync([...argv], { from: "user" });
  } catch (error) {
    process.exitCode = report(error);
  }
  await leaveStuckThreads();
}

/** In the order of the help text. */
const COMMANDS: Readonly<Record<string, (program: Command) => Promise<void>>> = {
  scan: async (program) => { (await import("./scan.ts")).addScanCommand(program, refuseWords); },
  check: async (program) => { (await import("./check.ts")).addCheckCommand(program); },
  apply: async (program) => { (await import("./apply.ts")).addApplyCommand(program); },
  confirm: async (program) => { (await import("./confirm.ts")).addConfirmCommand(program); },
  rollback: async (program) => { (await import("./rollback.ts")).addRollbackCommand(program); },
  collect: async (program) => { (await import("./collect.ts")).addCollectCommand(program); },
  report: async (program) => { (await import("./report.ts")).addReportCommand(program); },
  trace: async (program) => { (await import("./trace.ts")).addTraceCommand(program); },
  diagnose: async (program) => { (await import("./diagnose.ts")).addDiagnoseCommand(program); },
  policy: async (program) => { (await import("./policy.ts")).addPolicyCommand(program); },
};

/** A command that is named first is the one that runs: no other is set up. */
async function buildProgram(first: string): Promise<Command> {
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
  harden --apply                            put it right: shows, asks, checks; harden rollback goes back
  harden collect > host.json                take a snapshot, to judge elsewhere
  harden scan --snapshot host.json          judge it
  harden diagnose web                       why can a container not be reached?
  harden policy explain container-privileged`);
  for (const name of Object.hasOwn(COMMANDS, first) ? [first] : Object.keys(COMMANDS)) await COMMANDS[name]?.(program);
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
function refuseWords(words: readonly string[]): void {
  const [word] = words;
  if (word === undefined) return;
  throw new HardenError(`"${word}" is no command of harden`, { hint: suggest(word, Object.keys(COMMANDS)) });
}
