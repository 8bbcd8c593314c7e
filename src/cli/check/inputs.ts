/** From the words of the command line to what is judged: each a project or a file of its own. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { HardenError } from "../../errors.ts";
import { suggest } from "../../text.ts";
import { describeSystemError } from "../read-text.ts";
import { classifyFile, classifyName, FILE_TYPES, type FileType } from "./classify.ts";

export type Input =
  | { readonly type: "compose"; readonly from: { readonly files: readonly string[] } | { readonly folder: string }; readonly name: string }
  | { readonly type: Exclude<FileType, "compose">; readonly file: string; readonly text: string };

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
      if (isFolder(path)) {
        const found = await listFolder(path, flags);
        inputs.push(...found.inputs);
        skipped += found.skipped;
      } else {
        inputs.push(await openFile(path, flags));
      }
    } catch (error) {
      if (!(error instanceof HardenError)) throw error;
      errors.push(error);
    }
  }
  if (inputs.length === 0 && errors.length === 0) errors.push(new HardenError("there is nothing to check", { hint: "name compose files, daemon.json, sysctl .conf files, iptables-save dumps, or folders that hold them" }));
  return { inputs, errors, skipped };
}

function isFolder(path: string): boolean {
  return path !== "-" && (statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false);
}

async function openFile(path: string, flags: InputFlags): Promise<Input> {
  const text = await flags.read(path);
  const type = path === "-" ? parseType(flags.type) : (classifyFile(path, text) ?? refuseType(path));
  if (type !== "compose") return { type, file: path === "-" ? "standard input" : path, text };
  if (path === "-") flags.setStandardInput(text);
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

/** Its compose project, and the other files directly in it that bear a known name; what has none is counted. */
async function listFolder(folder: string, flags: InputFlags): Promise<{ inputs: Input[]; skipped: number }> {
  const names = readNames(folder);
  const inputs: Input[] = [];
  if (names.some((name) => COMPOSE_NAMES.test(name)) || names.includes(".env")) inputs.push({ type: "compose", from: { folder }, name: folder });
  for (const name of names) {
    const type = classifyName(name);
    if (type === null || type === "compose") continue;
    const file = join(folder, name);
    inputs.push({ type, file, text: await flags.read(file) });
  }
  const known = names.filter((name) => COMPOSE_NAMES.test(name) || classifyName(name) !== null);
  if (inputs.length === 0) throw new HardenError("holds no file that harden knows", { position: { file: folder } });
  return { inputs, skipped: names.length - known.length };
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory()).map((entry) => entry.name).sort();
  } catch (error) {
    throw new HardenError(`cannot be read: ${describeSystemError(error)}`, { position: { file: folder }, cause: error });
  }
}
