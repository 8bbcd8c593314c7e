/** From the words of the command line to what is judged: each a project or a file of its own. */
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { HardenError } from "../../errors.ts";
import { suggest } from "../../text.ts";
import { describeSystemError, hintAccess } from "../read-text.ts";
import { classifyFile, classifyName, FILE_TYPES, type FileType, looksLikeSysctl } from "./classify.ts";
import { STANDARD_INPUT } from "./read.ts";

export interface ComposeInput {
  readonly type: "compose";
  readonly from: { readonly files: readonly string[] } | { readonly folder: string };
  readonly name: string;
}

export interface FileInput {
  readonly type: Exclude<FileType, "compose">;
  readonly file: string;
  readonly text: string;
  /** Found in a folder that was given, rather than given itself. */
  readonly searched: boolean;
}

export type Input = ComposeInput | FileInput;

/** What a person calls it. */
export function nameInput(input: Input): string {
  return input.type === "compose" ? input.name : input.file;
}

export interface InputFlags {
  /** -f: one project, merged. */
  readonly files: readonly string[];
  readonly paths: readonly string[];
  readonly type: string | null;
  /** The caller's variables, and the files that go before `.env`: they may name compose files. */
  readonly environment: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
  /** Reads a file or, for "-", standard input; throws HardenError. */
  readonly read: (path: string) => Promise<string>;
  /** Text of standard input as a compose file; null if it is none. */
  readonly setStandardInput: (text: string) => void;
}

export interface Listed {
  /** In the order given, each once. */
  readonly inputs: Input[];
  /** Of what is none. Nothing at all is an error too. */
  readonly errors: HardenError[];
  /** Files of searched folders that are of no known kind, as paths. */
  readonly skipped: string[];
}

export async function listInputs(flags: InputFlags): Promise<Listed> {
  const listed: Listed = { inputs: [], errors: [], skipped: [] };
  const { inputs, errors } = listed;
  if (flags.type !== null && !flags.paths.includes(STANDARD_INPUT)) errors.push(new HardenError("--type is of no use without -", { hint: "it says what standard input holds; the type of a file follows from its name" }));
  if (flags.files.length > 0) inputs.push({ type: "compose", from: { files: flags.files }, name: flags.files[0] ?? "" });
  for (const path of new Set(flags.paths)) {
    try {
      if (isFolder(path)) await listFolder(path, flags, listed);
      else inputs.push(await openFile(path, flags));
    } catch (error) {
      errors.push(requireKnown(error));
    }
  }
  if (inputs.length === 0 && errors.length === 0) errors.push(new HardenError("there is nothing to check", { hint: "name compose files, daemon.json, sysctl .conf files, iptables-save dumps, or folders that hold them" }));
  return { ...listed, inputs: listOnce(inputs) };
}

/** A file that is both named and found counts as named. */
function listOnce(inputs: readonly Input[]): Input[] {
  const known = new Map<string, Input>();
  for (const input of inputs) {
    const key = identify(input);
    const other = known.get(key);
    if (other === undefined || ("searched" in other && other.searched)) known.set(key, input);
  }
  return [...known.values()];
}

function identify(input: Input): string {
  if ("file" in input) return resolve(input.file);
  const { from } = input;
  return JSON.stringify("folder" in from ? resolve(from.folder) : from.files.map((file) => resolve(file)));
}

function requireKnown(error: unknown): HardenError {
  if (error instanceof HardenError) return error;
  throw error;
}

/** What cannot even be looked at is none: reading it says why. */
function isFolder(path: string): boolean {
  try {
    return path !== STANDARD_INPUT && statSync(path).isDirectory();
  } catch {
    return false;
  }
}

async function openFile(path: string, flags: InputFlags): Promise<Input> {
  const given = path === STANDARD_INPUT ? parseType(flags.type) : null;
  const text = await flags.read(path);
  const type = given ?? classifyFile(path, text) ?? refuseType(path);
  if (type !== "compose") return { type, file: given === null ? path : "standard input", text, searched: false };
  if (given !== null) flags.setStandardInput(text);
  return { type, from: { files: [path] }, name: path };
}

function parseType(given: string | null): FileType {
  const type = FILE_TYPES.find((candidate) => candidate === given);
  if (type !== undefined) return type;
  if (given === null) throw new HardenError("what standard input holds is not said", { hint: `--type takes ${FILE_TYPES.join(", ")}` });
  throw new HardenError(`--type ${given} is no type of file`, { hint: suggest(given, FILE_TYPES) });
}

function refuseType(path: string): never {
  throw new HardenError("is no file that harden knows", { position: { file: path }, hint: KNOWN });
}

const KNOWN = "known are compose files (*.yaml, *.yml), daemon.json, sysctl files (*.conf) and iptables-save dumps (rules.v4, rules.v6)";

const COMPOSE_NAMES = /^(docker-)?compose(\.override)?\.ya?ml$/;

/** Adds its compose project, and the other files directly in it that are of a known kind, or why one of them cannot be read. */
async function listFolder(folder: string, flags: InputFlags, { inputs, errors, skipped }: Listed): Promise<void> {
  const names = readNames(folder);
  const before = inputs.length + errors.length;
  const isProject = names.some((name) => COMPOSE_NAMES.test(name)) || (await namesComposeFile(folder, names, flags));
  if (isProject) inputs.push({ type: "compose", from: { folder }, name: folder });
  for (const name of names) {
    const file = join(folder, name);
    const type = classifyName(name);
    try {
      const text = type === null ? "" : await flags.read(file);
      if (type === null || (type === "sysctl" && !looksLikeSysctl(text))) skipped.push(file);
      else inputs.push({ type, file, text, searched: true });
    } catch (error) {
      errors.push(requireKnown(error));
    }
  }
  if (inputs.length + errors.length === before) throw new HardenError("holds no file that harden knows", { position: { file: folder }, hint: KNOWN });
}

/** Compose finds its files by COMPOSE_FILE too, which stands in the environment or in an env file. */
async function namesComposeFile(folder: string, names: readonly string[], { environment, envFiles, read }: InputFlags): Promise<boolean> {
  if ((environment["COMPOSE_FILE"] ?? "") !== "") return true;
  const own = names.includes(".env") ? [join(folder, ".env")] : [];
  for (const file of envFiles.length > 0 ? envFiles : own) {
    try {
      if (/^\s*(?:export\s+)?COMPOSE_FILE\s*[=:]/m.test(await read(file))) return true;
    } catch (error) {
      requireKnown(error);
      // Loading the project says why it cannot be read.
      return true;
    }
  }
  return false;
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory()).map((entry) => entry.name).sort();
  } catch (error) {
    throw new HardenError(`cannot be read: ${describeSystemError(error)}`, { position: { file: folder }, cause: error, ...hintAccess(error) });
  }
}
