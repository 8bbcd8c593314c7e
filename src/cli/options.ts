/**
 * Options that several commands have, and what values an option takes. Help, completion and the manual follow from them: the choices
 * are commander's own, and the name in angle brackets says what else is completed: file, dir, path, report or policy.
 */
import { Option } from "commander";
import { HardenError } from "../errors.ts";
import { suggest } from "../text.ts";

/** Those that come with harden: a test compares. Loading them would take longer than the whole command line. */
export const PROFILES = ["baseline", "cis-docker", "strict"] as const;

/** Takes one of some words. Throws HardenError for any other. */
export function choice(flags: string, description: string, choices: readonly string[]): Option {
  const option = suggesting(flags, description, choices);
  return option.argParser(acceptOnly(option.long ?? flags, choices));
}

/** What parses a value of which there are some. `where` names its place: an option or an argument. */
export function acceptOnly(where: string, choices: readonly string[]): (value: string) => string {
  return (value) => {
    if (!choices.includes(value)) throw new HardenError(`${where} ${value} is not accepted`, { hint: suggest(value, choices) });
    return value;
  };
}

/** Any word is taken, and judged by whoever reads it; some are known. */
export function suggesting(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices).argParser((value: string) => value);
}

/** May be given several times. */
export function repeatable(flags: string, description: string, choices: readonly string[] = []): Option {
  const option = new Option(flags, description);
  return (choices.length === 0 ? option : option.choices(choices)).argParser((value: string, values?: readonly string[]) => [...(values ?? []), value]);
}

/** `-o FORMAT[=FILE]`; the first format is what is printed where none is named. */
export function outputOption(formats: readonly string[]): Option {
  return repeatable("-o, --output <format>", `${listDefault(formats)}, =FILE to a file`, formats);
}

/** Which policies are judged, and how strictly. */
export function profileOption(): Option {
  return suggesting("--profile <profile>", listDefault(PROFILES), PROFILES);
}

/** Policies from elsewhere. */
export function policiesOption(): Option {
  return repeatable("--policies <path>", "add the policies of this folder or file; repeatable");
}

/** `where` is the file that is read unless one is named. */
export function configOption(where: string): Option {
  return new Option("--config <file>", `settings, waivers (default: ${where})`);
}

/** `a (default), b or c`. */
function listDefault([first = "", ...others]: readonly string[]): string {
  return `${[`${first} (default)`, ...others.slice(0, -1)].join(", ")} or ${others.at(-1) ?? ""}`;
}
