/** What a systemd service starts: the words of ExecStart= after drop-ins, with variables put in, each with its place. */
import type { TextFile } from "./model.ts";
import { listAssignments, splitWords } from "./unit-text.ts";

export interface PlacedWord {
  readonly text: string;
  readonly file: string;
  /** From 1; the end is exclusive. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface UnitCommand {
  readonly words: readonly PlacedWord[];
  /** Variables whose value is not known: their file cannot be read. */
  readonly unresolved: readonly string[];
}

/**
 * `files` are the unit, its drop-ins in order, and the environment files that they name (which are told apart by being named). Null where nothing is
 * started. An empty assignment resets what came before (systemd.service(5)); of several commands dockerd is the last.
 */
export function readStartCommand(files: readonly TextFile[]): UnitCommand | null {
  const state = readFiles(files);
  if (state.command === null) return null;
  const { file, text, offset } = state.command;
  const unresolved: string[] = [];
  const words = splitWords(text, offset).flatMap((word, index) => {
    const place = placeOf(file, text, word.offset, word.end);
    // Prefixes of the program: do not fail, no expansion, full privileges (systemd.service(5), "Special executable prefixes").
    const plain = index === 0 ? word.text.replace(/^[-@:+!|]+/, "") : word.text;
    return expand(plain, place, state, unresolved);
  });
  return { words, unresolved: [...new Set(unresolved)] };
}

interface Variable {
  readonly value: string;
  readonly place: Omit<PlacedWord, "text">;
}

interface State {
  command: { readonly file: string; readonly text: string; readonly offset: number } | null;
  readonly environment: Map<string, Variable>;
  /** Whether every environment file could be read. */
  complete: boolean;
}

function readFiles(files: readonly TextFile[]): State {
  const state: State = { command: null, environment: new Map(), complete: true };
  const named = new Set<string>();
  for (const { path, text } of files) {
    if (text === null || named.has(path)) continue;
    for (const { section, key, offset } of listAssignments(text)) {
      if (section !== "Service") continue;
      const words = splitWords(text, offset);
      if (key === "ExecStart") state.command = words.length === 0 ? null : { file: path, text, offset };
      if (key === "EnvironmentFile") for (const word of words) named.add(word.text.replace(/^-/, ""));
      if (key === "EnvironmentFile" && words.length === 0) named.clear();
      if (key !== "Environment") continue;
      if (words.length === 0) state.environment.clear();
      for (const word of words) setVariable(state.environment, word.text, placeOf(path, text, word.offset, word.end));
    }
  }
  // Environment files win over Environment= (systemd.exec(5)).
  for (const path of named) readEnvironmentFile(files.find((file) => file.path === path), state);
  return state;
}

function readEnvironmentFile(file: TextFile | undefined, state: State): void {
  if (file === undefined || (file.text === null && file.error !== "ENOENT")) state.complete = false;
  let offset = 0;
  for (const line of (file?.text ?? "").split("\n")) {
    const [, name, value] = /^\s*([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    if (file !== undefined && name !== undefined && value !== undefined) {
      const place = placeOf(file.path, file.text ?? "", offset, offset + line.length);
      setVariable(state.environment, `${name}=${value.trim().replace(/^(["'])(.*)\1$/, "$2")}`, place);
    }
    offset += line.length + 1;
  }
}

function setVariable(environment: Map<string, Variable>, entry: string, place: Omit<PlacedWord, "text">): void {
  const separator = entry.indexOf("=");
  if (separator > 0) environment.set(entry.slice(0, separator), { value: entry.slice(separator + 1), place });
}

/** `$NAME` as a word of its own becomes any number of words, `${NAME}` is put in as it is; one that is not set is empty. */
function expand(text: string, place: Omit<PlacedWord, "text">, { environment, complete }: State, unresolved: string[]): PlacedWord[] {
  const own = /^\$([A-Za-z_]\w*)$/.exec(text)?.[1];
  if (own !== undefined) {
    const variable = environment.get(own);
    if (variable === undefined && !complete) unresolved.push(own);
    return variable === undefined ? [] : splitWords(variable.value, 0).map((word) => ({ text: word.text, ...variable.place }));
  }
  const replaced = text.replace(/\$\{([A-Za-z_]\w*)\}|\$\$/g, (_, name?: string) => {
    if (name === undefined) return "$";
    if (!environment.has(name) && !complete) unresolved.push(name);
    return environment.get(name)?.value ?? "";
  });
  return [{ text: replaced, ...place }];
}

function placeOf(file: string, text: string, offset: number, end: number): Omit<PlacedWord, "text"> {
  const [line, column] = positionAt(text, offset);
  const [endLine, endColumn] = positionAt(text, end);
  return { file, line, column, endLine, endColumn };
}

function positionAt(text: string, offset: number): [line: number, column: number] {
  const before = text.slice(0, offset);
  return [before.split("\n").length, offset - before.lastIndexOf("\n")];
}
