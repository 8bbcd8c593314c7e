/** What can be completed, as it follows from the definition of the commands. */
import type { Argument, Command, Option } from "commander";
import { HELP } from "../help.ts";

export interface CompletedCommand {
  /** Empty for harden itself, else `check`, `policy explain`. */
  readonly path: string;
  readonly summary: string;
  /** Those below it. */
  readonly commands: readonly CompletedCommand[];
  readonly options: readonly CompletedOption[];
  /** What its arguments are, null where it takes none. */
  readonly argument: { readonly name: string; readonly values: Values; readonly many: boolean } | null;
}

export interface CompletedOption {
  /** `-o`, null where there is none. */
  readonly short: string | null;
  readonly long: string;
  readonly description: string;
  /** Null where it takes none. */
  readonly value: { readonly name: string; readonly values: Values } | null;
}

/** What may stand in a place: one of some words, a word with =FILE behind it, a word or else a file, a file or a folder, or what nobody can tell. */
export type Values = { readonly kind: "words" | "formats" | "words or files"; readonly words: readonly string[] } | { readonly kind: "files" | "folders" | "anything" };

/** `policies` are the ids that a place for a policy takes. Of options those that the help hides are completed as well, but for those without words. */
export function describeProgram(program: Command, policies: readonly string[]): CompletedCommand {
  const root = describeCommand(program, "", policies);
  const scan = root.commands.find(({ path }) => path === "scan");
  const help: CompletedCommand = {
    path: "help", summary: HELP, commands: [], options: [],
    argument: { name: "command", values: { kind: "words", words: root.commands.map((command) => command.path) }, many: false },
  };
  // Without a command harden scans.
  return { ...root, commands: [...root.commands, help], options: [...(scan?.options ?? []), ...root.options] };
}

/** All commands below one, and itself. */
export function listCommands(command: CompletedCommand): CompletedCommand[] {
  return [command, ...command.commands.flatMap(listCommands)];
}

function describeCommand(command: Command, path: string, policies: readonly string[]): CompletedCommand {
  const [argument] = command.registeredArguments;
  const own = command.options.filter(({ description }) => description !== "");
  return {
    path,
    summary: command.summary() || command.description(),
    commands: command.commands.map((sub) => describeCommand(sub, path === "" ? sub.name() : `${path} ${sub.name()}`, policies)),
    options: [...own.map((option) => describeOption(option, policies)), { short: "-h", long: "--help", description: "show this help", value: null }],
    argument: argument === undefined ? null : { name: argument.name(), values: findValues(argument.name(), argument.argChoices, policies), many: argument.variadic },
  };
}

function describeOption({ short, long, flags, description, argChoices }: Option, policies: readonly string[]): CompletedOption {
  const name = /<([^>]+)>/.exec(flags)?.[1] ?? null;
  return { short: short ?? null, long: long ?? flags, description, value: name === null ? null : { name, values: findValues(name, argChoices, policies) } };
}

/** The name in brackets says it where no words are given. */
function findValues(name: string, choices: Argument["argChoices"], policies: readonly string[]): Values {
  const isFile = ["file", "path", "report"].includes(name);
  if (choices !== undefined) return { kind: name === "format" ? "formats" : isFile ? "words or files" : "words", words: choices };
  if (name === "policy") return { kind: "words", words: policies };
  if (name === "dir") return { kind: "folders" };
  return { kind: isFile ? "files" : "anything" };
}
