/** What `--help` prints: at 80 columns, whatever the width of the terminal at hand, and with the prompt below it on one screen of 24 lines. */
import type { Command } from "commander";
import { HELP, helpOf } from "./help.ts";
import { isTalkFlag } from "./talk.ts";
import { WIDTH, wrap, wrapIndented } from "./wrap.ts";

/** Lines of options that are longer than 80 columns are hard to read. */
export function setUpHelp(program: Command): Command {
  return program
    .configureHelp({ formatHelp: layOut })
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", HELP);
}

type Row = readonly [term: string, description: string];

function layOut(command: Command): string {
  const { notes = [], shared = [], exitCodes = [], examples } = helpOf(command) ?? { examples: [] };
  const codes = exitCodes.map(([code, meaning]) => `${code} ${meaning}`).join("; ");
  const blocks = [
    [`Usage: ${describeUsage(command)}`, ...wrap(command.description(), WIDTH)],
    layOutRows([...listArguments(command), ...listOptions(command), ...listCommands(command)]),
    notes.flatMap((note) => wrap(note, WIDTH)),
    [
      ...(shared.length === 0 ? [] : ["Most commands take:", ...layOutRows(shared)]),
      ...(codes === "" ? [] : wrap(`Exit codes: ${codes}.`, WIDTH)),
      "Examples:", ...layOutRows(examples.map(([example, what = ""]) => [example, what])),
    ],
  ];
  return blocks.filter((lines) => lines.length > 0).map((lines) => `${lines.join("\n")}\n`).join("\n");
}

/** `harden check [-q | -v] [options] [path...]`: what nearly every command takes is told once, by harden's own help. */
function describeUsage(command: Command): string {
  const path: string[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) path.unshift(at.name());
  const talk = command.options.filter(isTalkFlag).map(({ short }) => short ?? "");
  return [
    ...path,
    // Harden's own option, which stands alone.
    ...(command.parent === null ? command.options.map(({ long }) => `[${long ?? ""}]`) : []),
    ...(command.commands.length > 0 ? ["[command]"] : []),
    ...(talk.length > 0 ? [`[${talk.join(" | ")}]`] : []),
    ...(listOptions(command).length > 0 || command.parent === null ? ["[options]"] : []),
    ...command.registeredArguments.map((argument) => {
      const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
      return argument.required ? `<${name}>` : `[${name}]`;
    }),
  ].join(" ");
}

/** One that needs no word of its own is explained by what is said of the command. */
function listArguments({ registeredArguments }: Command): Row[] {
  return registeredArguments.flatMap((argument) => (argument.description === "" ? [] : [[argument.name(), argument.description]]));
}

function listOptions({ commands, options }: Command): Row[] {
  if (commands.length > 0) return [];
  return options.filter((option) => !option.hidden && !isTalkFlag(option)).map(({ flags, description }) => [flags, description]);
}

/** Each in one line. */
function listCommands({ commands }: Command): Row[] {
  return commands.map((command) => [command.name(), command.summary() || command.description()]);
}

function layOutRows(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.filter(([, description]) => description !== "").map(([term]) => term.length));
  return rows.map(([term, description]) => (description === "" ? `  ${term}` : wrapIndented(description, " ".repeat(width + 4), `  ${term.padEnd(width)}  `)));
}
