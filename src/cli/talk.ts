/** `--quiet` and `--verbose`: how much a command says besides what it was asked for. */
import { type Command, Option } from "commander";
import { writeError } from "./streams.ts";
import { printable, wrapIndented } from "./wrap.ts";

interface TalkFlags {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** The command line says it once, for the whole process. */
let said: TalkFlags = {};

/** What --verbose does. */
export const VERBOSE = "explain on standard error what was decided, and why";

/** `quiet` tells what is left of the output. */
export function addTalkFlags(command: Command, quiet = "no progress"): Command {
  return addQuietFlag(command, quiet).option("-v, --verbose", VERBOSE);
}

/** The first of the two, where nothing is decided that could be explained. */
export function addQuietFlag(command: Command, quiet = "no progress"): Command {
  return command
    .addOption(new Option("-q, --quiet", quiet).conflicts("verbose"))
    .hook("preAction", (_, action) => { said = action.opts(); });
}

/** Whether it is one of the two. */
export function isTalkFlag({ long }: Option): boolean {
  return long === "--quiet" || long === "--verbose";
}

/** Whether nobody wants to see what is under way. */
export function isQuiet(): boolean {
  return said.quiet === true;
}

function isVerbose(): boolean {
  return said.verbose === true;
}

/** Lines of `--verbose` on standard error, each folded below itself. Only what was asked for is made. */
export async function explain(make: () => Promise<readonly string[]> | readonly string[]): Promise<void> {
  if (!isVerbose()) return;
  for (const line of await make()) {
    const indent = " ".repeat(line.length - line.trimStart().length + 2);
    writeError(`${printable(wrapIndented(line, `${indent}    `, indent))}\n`);
  }
}
