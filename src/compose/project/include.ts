/** `include`: other projects' resources, read with their own folder and variables (compose-go, loader/include.go). */
import { dirname, resolve } from "node:path/posix";
import { faultAt } from "../fault.ts";
import { readDotenv } from "../interpolate/dotenv.ts";
import { mergeVariables, type Variable, type Variables } from "../interpolate/variables.ts";
import { clearPaths } from "../model/clear.ts";
import { mergeAt } from "../model/merge.ts";
import { child, describeKind, type Entry, equalNodes, isNull, type MapNode, mapNode, type Node, withEntries, withoutKey } from "../node.ts";
import type { Span } from "../source.ts";
import type { KeyPath } from "../yaml/read.ts";
import { loadModel } from "./load-model.ts";
import { type Loading, nameFile, type Scope, scopeOf } from "./loading.ts";
import { isRemote } from "./remote.ts";

const SECTIONS = ["services", "jobs", "volumes", "networks", "secrets", "configs", "models"];

/** The document with what it includes; its own values win. `including` are the files that led here, this one last. */
export function applyInclude(loading: Loading, scope: Scope, document: MapNode, including: readonly string[], cleared: readonly KeyPath[]): MapNode {
  const include = document.entries.get("include");
  if (include === undefined) return document;
  if (isNull(include.value)) return withoutKey(document, "include");
  if (include.value.kind !== "list") throw faultAt(include.value.at, `include takes a list, not ${describeKind(include.value)}`);
  let model = document;
  for (const item of include.value.items) {
    const imported = loadInclude(loading, scope, readInclude(item), including);
    if (imported !== null) model = SECTIONS.reduce((current, section) => importSection(current, imported, section, cleared), model);
  }
  return withoutKey(model, "include");
}

interface Include {
  readonly paths: readonly Text[];
  readonly folder: string | null;
  readonly envFiles: readonly Text[];
  readonly at: Span;
}

interface Text {
  readonly text: string;
  readonly at: Span;
}

function readInclude(item: Node): Include {
  if (item.kind === "scalar") return { paths: readTexts(item, "include"), folder: null, envFiles: [], at: item.at };
  if (item.kind === "list") throw faultAt(item.at, "include takes paths or maps, not a list");
  const [folder] = readTexts(child(item, "project_directory"), "include.project_directory");
  const texts = (key: string): readonly Text[] => readTexts(child(item, key), `include.${key}`);
  return { paths: texts("path"), folder: folder === undefined || folder.text === "" ? null : folder.text, envFiles: texts("env_file"), at: item.at };
}

function readTexts(node: Node | undefined, what: string): readonly Text[] {
  if (node === undefined || isNull(node)) return [];
  return (node.kind === "list" ? node.items : [node]).map((item) => {
    if (item.kind === "scalar" && typeof item.value === "string") return { text: item.value, at: item.at };
    throw faultAt(item.at, `${what} takes text, not ${describeKind(item)}`);
  });
}

/** Two includes in each of a few files are thousands of loads. */
const MAX_INCLUDES = 1000;

/** Null for what lies elsewhere: it is noted and not fetched. */
function loadInclude(loading: Loading, scope: Scope, include: Include, including: readonly string[]): MapNode | null {
  const [main] = include.paths;
  const remote = include.paths.find(({ text }) => isRemote(text));
  if (remote !== undefined) {
    loading.remotes.push({ kind: "include", address: remote.text, at: remote.at });
    return null;
  }
  if (main === undefined) return null;
  const paths = include.paths.map(({ text, at }) => ({ path: resolve(scope.folder, text), at }));
  const mainPath = paths[0]?.path ?? "";
  const cycle = including.indexOf(mainPath);
  if (cycle >= 0) {
    const names = [...including.slice(cycle), mainPath].map((path) => nameFile(loading, path));
    throw faultAt(main.at, `include leads back to where it began: ${names.join(" includes ")}`);
  }
  if (++loading.included.count > MAX_INCLUDES) throw faultAt(main.at, `more than ${MAX_INCLUDES} includes, those that included files make counted each time`);
  const own = include.folder === null ? null : resolve(scope.folder, include.folder);
  // A folder that is not there counts as a file of the folder above.
  const folder = own === null ? dirname(mainPath) : isFolder(loading, own) ? own : dirname(own);
  const variables = mergeVariables(scope.variables, readEnvFiles(loading, scope, include, own ?? folder));
  return loadModel(loading, scopeOf(loading, variables, folder, including), paths, "include");
}

function isFolder({ readFile }: Loading, path: string): boolean {
  const found = readFile(path);
  return "fault" in found && found.fault === "folder";
}

/** Those that it names, else the `.env` of its folder; /dev/null stands for none. */
function readEnvFiles(loading: Loading, scope: Scope, include: Include, folder: string): Variables {
  const variables = new Map<string, Variable>();
  const named = include.envFiles.filter(({ text }) => text !== "/dev/null").map(({ text, at }) => ({ path: resolve(scope.folder, text), at }));
  const files = include.envFiles.length > 0 ? named : [{ path: resolve(folder, ".env"), at: null }];
  for (const { path, at } of files) {
    const found = loading.readFile(path);
    const file = nameFile(loading, path);
    if ("text" in found) {
      loading.used.set(path, { path, file, role: "environment" });
      readDotenv(found.text, file, scope.lookUp, variables);
    } else if (at !== null) throw faultAt(at, `${file} cannot be read: ${found.reason}`);
    else if (found.fault === "unreadable") throw faultAt(include.at, `${file} cannot be read: ${found.reason}`);
  }
  return variables;
}

/** A name in both is merged, and what includes wins; the very same definition twice stays as it is. */
function importSection(model: MapNode, imported: MapNode, section: string, cleared: readonly KeyPath[]): MapNode {
  const from = imported.entries.get(section);
  if (from?.value.kind !== "map") return model;
  const own = model.entries.get(section);
  if (own !== undefined && own.value.kind !== "map") throw faultAt(own.value.at, `${section} takes a map, not ${describeKind(own.value)}`);
  const entries = new Map<string, Entry>(own?.value.kind === "map" ? own.value.entries : []);
  for (const [name, entry] of from.value.entries) {
    const known = entries.get(name);
    if (known === undefined) entries.set(name, entry);
    else if (!equalNodes(entry.value, known.value)) entries.set(name, { key: known.key, value: mergeImported(section, name, entry, known, cleared) });
  }
  const value = own?.value.kind === "map" ? { ...own.value, entries } : mapNode(entries, from.value.at);
  return withEntries(model, [[section, { key: own?.key ?? from.key, value }]]);
}

function mergeImported(section: string, name: string, imported: Entry, own: Entry, cleared: readonly KeyPath[]): Node {
  const resources = mapNode(new Map([[name, imported]]), imported.value.at);
  const wrapped = clearPaths(mapNode(new Map([[section, { key: imported.key, value: resources }]]), imported.value.at), cleared);
  const base = child(child(wrapped, section), name) ?? imported.value;
  // A dot in the name counts as a step of the path here, so that such services are merged without Compose's special rules.
  return { ...mergeAt(base, own.value, [section, ...name.split(".")]), at: own.value.at };
}
