/** `extends`: a service completed by another one, of the same file or of another, recursively (compose-go, loader/extends.go). */
import { dirname, resolve } from "node:path/posix";
import { quote } from "../../text.ts";
import { faultAt } from "../fault.ts";
import { clearPaths } from "../model/clear.ts";
import { mergeAt } from "../model/merge.ts";
import { resolvePaths } from "../model/resolve-paths.ts";
import { child, descend, describeKind, type Entry, isNull, type MapNode, mapNode, type Node, relateValues, withEntries, withoutKey } from "../node.ts";
import type { Span } from "../source.ts";
import type { KeyPath } from "../yaml/read.ts";
import { loadBaseFile } from "./load-file.ts";
import type { ExtendsBase, Loading, Scope } from "./loading.ts";
import { isRemote } from "./remote.ts";

/** Applies every `extends` of a document; `cleared` is what its `!reset` and `!override` take from what is extended. */
export function applyExtends(loading: Loading, scope: Scope, document: MapNode, path: string, cleared: readonly KeyPath[]): MapNode {
  let model = document;
  for (const section of ["services", "jobs"]) {
    const entry = model.entries.get(section);
    if (entry === undefined) continue;
    if (entry.value.kind !== "map") throw faultAt(entry.value.at, `${section} takes a map, not ${describeKind(entry.value)}`);
    const services = new Map(entry.value.entries);
    for (const name of entry.value.entries.keys()) extendService({ loading, scope, path, services, cleared, folder: scope.folder, chain: [] }, name);
    model = withEntries(model, [[section, { key: entry.key, value: { ...entry.value, entries: services } }]]);
  }
  return model;
}

interface Work {
  readonly loading: Loading;
  readonly scope: Scope;
  /** The file whose `extends` started it. */
  readonly path: string;
  /** Services of the file that is looked at; they change as they are completed. */
  readonly services: Map<string, Entry>;
  readonly cleared: readonly KeyPath[];
  /** Folder by which the file of an `extends` is found. */
  readonly folder: string;
  readonly chain: readonly Step[];
}

/** One `extends` that was followed: the name by which Compose knows it for cycles, and how a person does. */
interface Step {
  readonly key: string;
  readonly label: string;
}

/** More than anybody writes, and fewer than the stack holds. */
const MAX_STEPS = 200;

/** The completed service, which is put into `services` too; null for one without contents. */
function extendService(work: Work, name: string): Node | null {
  const entry = work.services.get(name);
  if (entry === undefined || isNull(entry.value)) return null;
  const service = entry.value;
  if (service.kind !== "map") throw faultAt(service.at, `services.${name} takes a map, not ${describeKind(service)}`);
  const extension = service.entries.get("extends");
  if (extension === undefined) return service;
  const reference = readReference(extension, name);
  if (reference.file !== null && isRemote(reference.file)) return keepRemote(work, name, entry, extension, reference.file);
  const next = reference.file === null ? work : openBase(work, name, reference.service, reference.file, extension.value);
  if (reference.file === null && !work.services.has(reference.service)) {
    throw faultAt(extension.value.at, `services.${name} extends ${quote(reference.service)}, which this file does not have`);
  }
  const chain = addToChain(work.chain, reference.file ?? `this file, ${work.path}`, name, extension.value.at);
  const base = extendService({ ...next, chain }, reference.service);
  if (base === null) return service;
  const source = descend(clearPaths(wrap(name, base), work.cleared), "services", name) ?? base;
  const brought = source.kind === "map" ? relateValues(source, extension.value.at) : source;
  const merged = mergeAt(brought, service, ["services", "x"]) as MapNode;
  const value = { ...withoutKey(merged, "extends"), at: service.at };
  work.services.set(name, { key: entry.key, value });
  return value;
}

function readReference({ value }: Entry, name: string): { service: string; file: string | null } {
  if (value.kind === "scalar" && typeof value.value === "string") return { service: value.value, file: null };
  const [service, file] = [child(value, "service"), child(value, "file")];
  if (service?.kind !== "scalar" || typeof service.value !== "string") throw faultAt(value.at, `services.${name}.extends needs the name of a service`);
  if (file === undefined || isNull(file)) return { service: service.value, file: null };
  if (file.kind !== "scalar" || typeof file.value !== "string") throw faultAt(file.at, `services.${name}.extends.file takes text, not ${describeKind(file)}`);
  return { service: service.value, file: file.value };
}

function addToChain(chain: readonly Step[], file: string, name: string, at: Span): readonly Step[] {
  const step = { key: `${name} in ${file}`, label: `${name} in ${at.source.file}` };
  const longer = [...chain, step];
  if (chain.some(({ key }) => key === step.key)) throw faultAt(at, `extends leads back to where it began: ${longer.map(({ label }) => label).join(" extends ")}`);
  if (longer.length > MAX_STEPS) throw faultAt(at, `extends leads over more than ${MAX_STEPS} services`);
  return longer;
}

function openBase(work: Work, name: string, service: string, file: string, at: Node): Work {
  const path = resolve(work.folder, file);
  const folder = dirname(path);
  const base = work.scope.bases.get(path) ?? readBase(work, path, folder, name, at);
  work.scope.bases.set(path, base);
  if (!base.services.entries.has(service)) throw faultAt(at.at, `services.${name} extends ${quote(service)}, which ${file} does not have`);
  return { ...work, services: new Map(base.services.entries), cleared: base.cleared };
}

/** Paths of a base are those of its own folder. */
function readBase(work: Work, path: string, folder: string, name: string, at: Node): ExtendsBase {
  const { model, cleared } = loadBaseFile(work.loading, { ...work.scope, folder }, path, at.at);
  const services = child(resolvePaths(model, folder, work.loading.home), "services");
  if (services?.kind !== "map") throw faultAt(at.at, `services.${name} extends a file without services`);
  return { services, cleared };
}

function keepRemote(work: Work, name: string, entry: Entry, extension: Entry, address: string): Node {
  work.loading.remotes.push({ kind: "extends", address, at: extension.value.at });
  const value = withoutKey(entry.value as MapNode, "extends");
  const open = withEntries(value, [[REMOTE_BASE, { key: extension.key, value: extension.value }]]);
  work.services.set(name, { key: entry.key, value: open });
  return open;
}

/** The key under which a service keeps an `extends` that was not followed. */
export const REMOTE_BASE = "x-harden-remote-base";

function wrap(name: string, base: Node): MapNode {
  const services = mapNode(new Map([[name, { key: base.at, value: base }]]), base.at);
  return mapNode(new Map([["services", { key: base.at, value: services }]]), base.at);
}
