/** The context that Docker's client would use, as it keeps them below ~/.docker: which engine, and where its certificates lie. */
import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { HardenError, type Position } from "../errors.ts";
import { locateOffset, parseJsonTree } from "../json-tree.ts";
import { isJsonObject } from "../json-value.ts";
import { quote, suggest } from "../text.ts";
import { readTextFile } from "./text-file.ts";

export interface Context {
  readonly name: string;
  /** As written, empty for the default socket. */
  readonly host: string;
  readonly skipVerify: boolean;
  /** Holds ca.pem, cert.pem and key.pem, each if it was given; need not be there. */
  readonly tlsFolder: string;
}

/** The environment and the default socket count. `warning` tells of a configuration file that Docker's client passes over too. */
export interface NoContext {
  readonly name: null;
  readonly warning?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_CONTEXT = "default";

/**
 * DOCKER_CONTEXT, else `currentContext` of config.json (docker/cli, resolveContextName). To be asked only without DOCKER_HOST, which hides
 * every context. Throws HardenError for a context that is unknown or whose meta.json cannot be read.
 */
export async function findContext(environment: Environment): Promise<Context | NoContext> {
  const folder = findConfigFolder(environment);
  const named = environment["DOCKER_CONTEXT"] ?? "";
  const { name, by, warning } = named === "" ? await readCurrentContext(join(folder, "config.json")) : { name: named, by: "DOCKER_CONTEXT", warning: undefined };
  if (name === DEFAULT_CONTEXT) return { name: null, ...(warning === undefined ? {} : { warning }) };
  return readContext(join(folder, "contexts"), name, by);
}

/** DOCKER_CONFIG, else ~/.docker. */
export function findConfigFolder(environment: Environment): string {
  return environment["DOCKER_CONFIG"] || join(environment["HOME"] || homedir(), ".docker");
}

/** Docker's client warns of a file that it cannot read and goes on as if there were none. */
async function readCurrentContext(path: string): Promise<{ readonly name: string; readonly by: string; readonly warning?: string }> {
  const without = { name: DEFAULT_CONTEXT, by: path };
  const { text, error } = readTextFile(path);
  if (error === "ENOENT") return without;
  try {
    const { currentContext = "" } = toObject(await parseJson(path, text, error), path);
    if (typeof currentContext !== "string") throw new HardenError("currentContext is no text", { position: { file: path } });
    return { name: currentContext === "" ? DEFAULT_CONTEXT : currentContext, by: `currentContext of ${path}` };
  } catch (fault) {
    if (!(fault instanceof HardenError)) throw fault;
    return { ...without, warning: `${describePosition(fault.position)}${fault.message}: what context it names is not known, so that the default engine was asked, as docker does` };
  }
}

/** The folder's name is the SHA-256 of the context's (docker/cli, cli/context/store). */
async function readContext(store: string, name: string, by: string): Promise<Context> {
  const id = process.getBuiltinModule("node:crypto").hash("sha256", name);
  const file = join(store, "meta", id, "meta.json");
  const { text, error } = readTextFile(file);
  if (error === "ENOENT" || error === "ENOTDIR") {
    throw new HardenError(`there is no context ${quote(name)}, which ${by} names`, { position: { file }, hint: suggest(name, [DEFAULT_CONTEXT, ...(await listNames(join(store, "meta")))]) });
  }
  const meta = toObject(await parseJson(file, text, error), file);
  const endpoints = toObject(meta["Endpoints"] ?? {}, file, "Endpoints");
  if (!("docker" in endpoints)) throw new HardenError(`the context ${quote(name)} names no engine: it has no Endpoints.docker`, { position: { file } });
  const { Host: host = "", SkipTLSVerify: skipVerify = false } = toObject(endpoints["docker"], file, "Endpoints.docker");
  if (typeof host !== "string") throw new HardenError("Endpoints.docker.Host is no text", { position: { file } });
  if (typeof skipVerify !== "boolean") throw new HardenError("Endpoints.docker.SkipTLSVerify is neither true nor false", { position: { file } });
  return { name, host, skipVerify, tlsFolder: join(store, "tls", id, "docker") };
}

/** Those that can be read. */
async function listNames(folder: string): Promise<string[]> {
  const names = await Promise.all(listFolder(folder).map(async (id) => {
    const file = join(folder, id, "meta.json");
    const { text, error } = readTextFile(file);
    const meta = await parseJson(file, text, error).catch(() => null);
    return isJsonObject(meta) && typeof meta["Name"] === "string" ? [meta["Name"]] : [];
  }));
  return names.flat().sort();
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

async function parseJson(file: string, text: string | null, error: string | null): Promise<unknown> {
  if (text === null) throw new HardenError(`cannot be read (${error ?? "no text"})`, { position: { file } });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const { fault } = await parseJsonTree(text);
    throw new HardenError(`no JSON: ${fault?.what ?? "syntax error"}`, { position: { file, ...locateOffset(text, fault?.offset ?? 0) }, cause });
  }
}

function describePosition(position: Position | null): string {
  return position === null ? "" : `${[position.file, position.line, position.column].filter((part) => part !== undefined).join(":")}: `;
}

function toObject(value: unknown, file: string, what = "the document"): Readonly<Record<string, unknown>> {
  if (isJsonObject(value)) return value;
  throw new HardenError(`${what} is no JSON object`, { position: { file } });
}
