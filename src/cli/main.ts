/** The process: parses the command line, runs one command, turns what happened into an exit code. */
import { CommanderError } from "commander";
import { formatError, HardenError } from "../errors.ts";
import { leaveStuckThreads } from "./leave.ts";
import { buildProgram, isCommand, requireCommand } from "./program.ts";
import { clearLine, writeError } from "./streams.ts";

export async function main(argv: readonly string[]): Promise<void> {
  const [first = "", second = "help"] = argv;
  try {
    if (first === "help" && second !== "help") requireCommand(second);
    await (await buildProgram(first)).parseAsync([...argv], { from: "user" });
  } catch (error) {
    process.exitCode = report(error, isCommand(first) ? first : "scan");
  }
  clearLine();
  await leaveStuckThreads();
}

/** Says what is wrong on standard error; the exit code. What is not a known error is a fault of harden and keeps its stack. */
function report(error: unknown, command: string): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // Where a command of its own is missing the help is the answer, and there already.
    if (error.code === "commander.help") return 2;
    writeError(`harden: ${formatError(toHardenError(error, command))}\n`);
    return 2;
  }
  if (error instanceof HardenError) {
    writeError(`harden: ${formatError(error)}\n`);
    return 2;
  }
  throw error;
}

/** Of the parser's words the first line; what it says in a second one, an option that may be meant, is the hint. */
function toHardenError({ message }: CommanderError, command: string): HardenError {
  const [what = "", meant] = message.replace(/^error: /, "").split("\n");
  const near = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(meant ?? "")?.[1];
  return new HardenError(what, { hint: near === undefined ? `harden ${command} --help lists what it takes` : `did you mean ${near}?` });
}
