/** What a command's help says below its options. It is kept as data, since the manual and the tests read it too. */
import { type Command, Help } from "commander";
import { WIDTH, wrapIndented } from "./wrap.ts";

export interface HelpText {
  /** One paragraph each. */
  readonly notes?: readonly string[];
  /** Paragraphs that only the manual has: the help is to fit a screen. */
  readonly manual?: readonly string[];
  readonly exitCodes?: readonly ExitCode[];
  readonly examples: readonly Example[];
}

export type ExitCode = readonly [code: number, meaning: string];
export type Example = readonly [command: string, what?: string];

/** What `harden help` does: commander has that command without a place among the others. */
export const HELP = "Show the help of a command.";

const texts = new WeakMap<Command, HelpText>();

/** Adds the text to what `--help` prints. */
export function addHelp(command: Command, text: HelpText): Command {
  texts.set(command, text);
  return command.addHelpText("after", () => print(text));
}

/** The text of a command, null where none was added. */
export function helpOf(command: Command): HelpText | null {
  return texts.get(command) ?? null;
}

/** For a terminal of 80 columns, whatever the width of the one at hand: lines of options that are longer are hard to read. */
export function setUpHelp(program: Command): Command {
  return program
    .configureHelp({
      helpWidth: WIDTH,
      // A description says by itself which values there are, and which one counts where none is given.
      optionDescription: ({ description }) => description,
      // A list of commands has its own options in a sentence below, so that it fits a screen.
      visibleOptions: (command) => (command.commands.length > 0 ? [] : new Help().visibleOptions(command)),
      visibleCommands: ({ commands }) => [...commands],
      subcommandTerm: (command) => command.name(),
    })
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", HELP);
}

function print({ notes = [], exitCodes = [], examples }: HelpText): string {
  const codes = exitCodes.map(([code, meaning]) => `${code} ${meaning}`).join("; ");
  const width = Math.max(...examples.map(([command, what]) => (what === undefined ? 0 : command.length)));
  const lines = examples.map(([command, what]) => (what === undefined ? `  ${command}` : `  ${command.padEnd(width)}  ${what}`));
  return [...notes.map((note) => wrapIndented(note, "")), ...(codes === "" ? [] : [wrapIndented(`Exit codes: ${codes}.`, "")]), `Examples:\n${lines.join("\n")}`]
    .map((block) => `\n${block}`).join("\n");
}
