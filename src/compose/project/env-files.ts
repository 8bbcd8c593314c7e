/** `env_file` and `label_file`: what they add to a service's environment and labels. They never feed interpolation. */
import { resolve } from "node:path/posix";
import { faultAt } from "../fault.ts";
import { readDotenv } from "../interpolate/dotenv.ts";
import { readRawEnv } from "../interpolate/raw-env.ts";
import type { LookUp } from "../interpolate/template.ts";
import type { Variable, Variables } from "../interpolate/variables.ts";
import { child, type Entry, type MapNode, mapNode, type Node, relate, scalarNode, withEntries } from "../node.ts";
import { booleanAt, listAt, type Pair, pairsAt, scalarAt, textAt, textsAt } from "../values/read.ts";
import { type Loading, nameFile } from "./loading.ts";

export interface MissingFile {
  readonly kind: "env_file" | "label_file";
  readonly file: string;
}

export interface Completed {
  readonly model: MapNode;
  readonly missing: ReadonlyMap<string, readonly MissingFile[]>;
}

/**
 * A file that is required and not there makes the environment unknown rather than the project invalid: what holds secrets is seldom
 * where a pipeline runs.
 */
export function resolveEnvFiles(loading: Loading, model: MapNode, variables: Variables): Completed {
  const missing = new Map<string, readonly MissingFile[]>();
  const services = child(model, "services");
  if (services?.kind !== "map") return { model, missing };
  const changed = [...services.entries].flatMap(([name, { key, value }]): [string, Entry][] => {
    if (value.kind !== "map") return [];
    const absent: MissingFile[] = [];
    const service = completeLabels(loading, completeEnvironment(loading, value, variables, absent), absent);
    if (absent.length > 0) missing.set(name, absent);
    return service === value ? [] : [[name, { key, value: service }]];
  });
  if (changed.length === 0) return { model, missing };
  const key = model.entries.get("services")?.key ?? model.at;
  return { model: withEntries(model, [["services", { key, value: withEntries(services, changed) }]]), missing };
}

function completeEnvironment(loading: Loading, service: MapNode, variables: Variables, missing: MissingFile[]): MapNode {
  const files = listAt(service, "env_file");
  if (files.length === 0) return service;
  const own = pairsAt(service, "environment");
  const byName = new Map(own.map((pair) => [pair.name, pair]));
  // Names without a value count as not set for the files, and still take away what these set.
  const read = new Map<string, Variable>(own.flatMap((pair) => (pair.value === null ? [] : [[pair.name, toVariable(pair, pair.value)]])));
  const outer: LookUp = (name) => variables.get(name) ?? ownVariable(byName, name);
  for (const file of files) readEnvFile(loading, file, outer, read, missing);
  const entries = new Map<string, Entry>();
  for (const [name, variable] of read) entries.set(name, toEntry(variable, files[0] ?? service));
  for (const pair of own) entries.set(pair.name, { key: pair.at, value: { ...scalarNode(pair.value, pair.at), ...unknownOf(pair.node.unknown), ...relatedOf(pair.node) } });
  return replace(service, "environment", mapNode(entries, child(service, "environment")?.at ?? service.at));
}

function ownVariable(own: ReadonlyMap<string, Pair>, name: string): Variable | undefined {
  const pair = own.get(name);
  return pair === undefined || pair.value === null ? undefined : toVariable(pair, pair.value);
}

function toVariable(pair: Pair, value: string): Variable {
  return { value, from: pair.at.source.file, at: pair.at, ...unknownOf(pair.node.unknown) };
}

function toEntry(variable: Variable, file: Node): Entry {
  const at = variable.at ?? file.at;
  return { key: at, value: relate({ ...scalarNode(variable.value, at), ...unknownOf(variable.unknown) }, file.at) };
}

function unknownOf(unknown: readonly string[] | undefined): { unknown?: readonly string[] } {
  return unknown === undefined ? {} : { unknown };
}

function relatedOf({ related }: Node): { related?: NonNullable<Node["related"]> } {
  return related === undefined ? {} : { related };
}

function readEnvFile(loading: Loading, file: Node, outer: LookUp, into: Map<string, Variable>, missing: MissingFile[]): void {
  const path = scalarAt(file, "path");
  if (typeof path?.value !== "string") return;
  if (path.unknown !== undefined) {
    missing.push({ kind: "env_file", file: path.value });
    return;
  }
  const format = textAt(file, "format") ?? "";
  if (format !== "" && format !== "raw" && format !== ".env") throw faultAt(file.at, `env_file has no format ${JSON.stringify(format)}; raw is one`);
  const text = readText(loading, path.value, "env_file", path);
  if (text === null) {
    if (booleanAt(file, "required") !== false) missing.push({ kind: "env_file", file: nameFile(loading, path.value) });
  } else if (format === "raw") readRawEnv(text, nameFile(loading, path.value), outer, into);
  else readDotenv(text, nameFile(loading, path.value), outer, into);
}

function completeLabels(loading: Loading, service: MapNode, missing: MissingFile[]): MapNode {
  const files = textsAt(service, "label_file");
  if (files.length === 0) return service;
  const read = new Map<string, Variable>();
  for (const file of files) {
    const text = file.unknown === undefined ? readText(loading, file.value, "label_file", file) : null;
    if (text === null) missing.push({ kind: "label_file", file: nameFile(loading, file.value) });
    else {
      const own = new Map<string, Variable>();
      readDotenv(text, nameFile(loading, file.value), (name) => read.get(name), own);
      for (const [name, variable] of own) read.set(name, variable);
    }
  }
  const entries = new Map<string, Entry>([...read].map(([name, variable]) => [name, toEntry(variable, files[0] ?? service)]));
  for (const pair of pairsAt(service, "labels")) {
    entries.set(pair.name, { key: pair.at, value: { ...scalarNode(pair.value ?? "", pair.at), ...unknownOf(pair.node.unknown), ...relatedOf(pair.node) } });
  }
  return replace(service, "labels", mapNode(entries, child(service, "labels")?.at ?? service.at));
}

function replace(service: MapNode, key: string, value: Node): MapNode {
  return withEntries(service, [[key, { key: service.entries.get(key)?.key ?? value.at, value }]]);
}

/** Null where it is not there. */
function readText(loading: Loading, path: string, role: "env_file" | "label_file", at: Node): string | null {
  const absolute = resolve(loading.workingDirectory, path);
  const found = loading.readFile(absolute);
  const file = nameFile(loading, absolute);
  if ("text" in found) {
    loading.used.set(absolute, { path: absolute, file, role });
    return found.text;
  }
  if (found.fault === "missing") return null;
  throw faultAt(at.at, `${file} cannot be read: ${found.reason}`);
}

