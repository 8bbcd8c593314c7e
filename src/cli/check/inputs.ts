/** From the words of the command line to what is judged: each a project or a file of its own. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { HardenError } from "../../errors.ts";
import { suggest } from "../../text.ts";
import { describeSystemError } from "../read-text.ts";
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

export interface InputFlags {
  /** -f: one project, merged. */
  readonly files: readonly string[];
  readonly paths: readonly string[];
  readonly type: string | null;
  /** Reads a file or, for "-", standard input; throws HardenError. */
  readonly read: (path: string) => Promise<string>;
  /** Text of standard input as a compose file; null if it is none. */
  readonly setStandardInput: (text: string) => void;
}

/** Inputs in the order given, and the errors of those that are none. Nothing at all is an error too. */
export async function listInputs(flags: InputFlags): Promise<{ inputs: Input[]; errors: HardenError[]; skipped: number }> {
  const inputs: Input[] = [];
  const errors: HardenError[] = [];
  let skipped = 0;
  if (flags.files.length > 0) inputs.push({ type: "compose", from: { files: flags.files }, name: flags.files[0] ?? "" });
  for (const path of flags.paths) {
    try {
      if (isFolder(path)) skipped += await listFolder(path, flags, inputs, errors);
      else inputs.push(await openFile(path, flags));
    } catch (error) {
      errors.push(requireKnown(error));
    }
  }
  if (inputs.length === 0 && errors.length === 0) errors.push(new HardenError("there is nothing to check", { hint: "name compose files, daemon.json, sysctl .conf files, iptables-save dumps, or folders that hold them" }));
  return { inputs, errors, skipped };
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
  throw new HardenError("is no file that harden knows", {
    position: { file: path },
    hint: "known are compose files (*.yaml, *.yml), daemon.json, sysctl files (*.conf) and iptables-save dumps (rules.v4, rules.v6)",
  });
}

const COMPOSE_NAMES = /^(docker-)?compose(\.override)?\.ya?ml$/;

/**
 * Adds its compose project, and the other files directly in it that are of a known kind, or why one of them cannot be read. The number of
 * files that are none is handed back.
 */
async function listFolder(folder: string, flags: InputFlags, inputs: Input[], errors: HardenError[]): Promise<number> {
  const names = readNames(folder);
  const composed = names.filter((name) => COMPOSE_NAMES.test(name));
  const before = inputs.length + errors.length;
  if (composed.length > 0 || (await namesComposeFile(folder, names, flags))) inputs.push({ type: "compose", from: { folder }, name: folder });
  let skipped = names.length - composed.length;
  for (const name of names) {
    const type = classifyName(name);
    if (type === null || type === "compose") continue;
    const file = join(folder, name);
    try {
      const text = await flags.read(file);
      if (type === "sysctl" && !looksLikeSysctl(text)) continue;
      inputs.push({ type, file, text, searched: true });
    } catch (error) {
      errors.push(requireKnown(error));
    }
    skipped--;
  }
  if (inputs.length + errors.length === before) throw new HardenError("holds no file that harden knows", { position: { file: folder } });
  return skipped;
}

/** Compose finds its files by COMPOSE_FILE too, which stands in the environment or in `.env`. */
async function namesComposeFile(folder: string, names: readonly string[], flags: InputFlags): Promise<boolean> {
  if ((process.env["COMPOSE_FILE"] ?? "") !== "") return true;
  if (!names.includes(".env")) return false;
  try {
    return /^\s*(?:export\s+)?COMPOSE_FILE\s*[=:]/m.test(await flags.read(join(folder, ".env")));
  } catch (error) {
    requireKnown(error);
    // Loading the project says why it cannot be read.
    return true;
  }
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory()).map((entry) => entry.name).sort();
  } catch (error) {
    throw new HardenError(`cannot be read: ${describeSystemError(error)}`, { position: { file: folder }, cause: error });
  }
}
