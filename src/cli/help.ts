/** What a command's help says besides its options. It is kept as data, since the manual and the tests read it too. */
import type { Command } from "commander";

export interface HelpText {
  /** One paragraph each. */
  readonly notes?: readonly string[];
  /** Options that most of the commands below take. */
  readonly shared?: readonly (readonly [flags: string, description: string])[];
  readonly exitCodes?: readonly ExitCode[];
  readonly examples: readonly Example[];
  /** What only the manual has: the help is to fit a screen. */
  readonly manual?: {
    readonly notes?: readonly string[];
    readonly examples?: readonly Example[];
  };
}

export type ExitCode = readonly [code: number, meaning: string];
export type Example = readonly [command: string, what?: string];

/** What `harden help` does: commander has that command without a place among the others. */
export const HELP = "Show the help of a command.";

const texts = new WeakMap<Command, HelpText>();

/** Adds the text to what `--help` prints. */
export function addHelp(command: Command, text: HelpText): Command {
  texts.set(command, text);
  return command;
}

/** All of them, those of the help first. */
export function listExamples(command: Command): readonly Example[] {
  const help = helpOf(command);
  return [...(help?.examples ?? []), ...(help?.manual?.examples ?? [])];
}

/** The text of a command, null where none was added. */
export function helpOf(command: Command): HelpText | null {
  return texts.get(command) ?? null;
}
