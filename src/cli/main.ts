/** The process: parses the command line, runs one command, turns what happened into an exit code. */
import { type Command, CommanderError } from "commander";
import { formatError, HardenError } from "../errors.ts";
import { leaveStuckThreads } from "./leave.ts";
import { buildProgram, isCommand, requireCommand } from "./program.ts";
import { clearLine, writeNote } from "./streams.ts";

export async function main(argv: readonly string[]): Promise<void> {
  const [first = "", second = "help"] = argv;
  const program = await buildProgram(first);
  try {
    if (first === "help" && second !== "help") requireCommand(second);
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    process.exitCode = report(error, nameCommand(program, argv));
  }
  clearLine();
  await leaveStuckThreads();
}

/** `policy explain`: as far as words name a command, and one below it. Without any harden scans. */
function nameCommand(program: Command, [first = "", second = ""]: readonly string[]): string {
  if (!isCommand(first)) return "scan";
  const below = program.commands.find((command) => command.name() === first)?.commands ?? [];
  return below.some((command) => command.name() === second) ? `${first} ${second}` : first;
}

/** Says what is wrong on standard error; the exit code. What is not a known error is a fault of harden and keeps its stack. */
function report(error: unknown, command: string): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    // Where a command of its own is missing the help is the answer, and there already.
    if (error.code === "commander.help") return 2;
    writeNote(`harden: ${formatError(toHardenError(error, command))}\n`);
    return 2;
  }
  if (error instanceof HardenError) {
    writeNote(`harden: ${formatError(error)}\n`);
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
