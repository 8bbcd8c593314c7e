/** Containers of a compose project as they would run on an engine with cgroup v2: the same facts as those of a live one. */
import { ASSUMED_DEFAULTS, type EngineDefaults } from "../../facts/engine-defaults.ts";
import { listEnginePaths } from "../../facts/engine-paths.ts";
import { NO_EXPOSURE } from "../../facts/exposure/none.ts";
import type { Container } from "../../facts/model/container.ts";
import { type Derived, type FilePlace, pointer } from "../../facts/resource.ts";
import { child, descend, type Entry, isNull, type MapNode, type Node, unknownsOf, withEntries, withoutKey } from "../node.ts";
import { withRelated } from "../places.ts";
import { type ComposeProject, servicesOf } from "../project/load-project.ts";
import { isActive, listProfiles } from "../project/profiles.ts";
import { REMOTE_BASE } from "../project/extends.ts";
import { placeOf } from "../source.ts";
import { booleanAt, entriesAt, listAt, textAt, textsAt } from "../values/read.ts";
import { readConfinement } from "./confinement.ts";
import { listHooks } from "./hooks.ts";
import { readMounts } from "./mounts.ts";
import { readNamespaces } from "./namespaces.ts";
import { readNetworking } from "./networking.ts";
import { type FactRecord, note, noteNode, place } from "./record.ts";
import { readResources } from "./resources.ts";

/** Services of every profile, jobs, pre_start containers, hooks that do more than their service may, and what is not fetched. */
export function deriveComposeContainers(project: ComposeProject, engine: EngineDefaults = ASSUMED_DEFAULTS, profiles: readonly string[] = []): Derived<Container> {
  const context: Context = { project, engine, profiles };
  const services = [...servicesOf(project)].flatMap(([name, entry]) => deriveService(context, name, entry));
  const jobs = entriesAt(project.model, "jobs").map(([name, entry]) => deriveContainer(context, { name, service: name, role: "job", spec: asMap(entry.value), key: entry }));
  return { resources: [...services, ...jobs, ...project.remotes.flatMap((remote) => deriveRemote(context, remote))], source: { status: "ok", detail: null } };
}

interface Context {
  readonly project: ComposeProject;
  readonly engine: EngineDefaults;
  /** Those that are chosen. */
  readonly profiles: readonly string[];
}

interface Subject {
  readonly name: string;
  readonly service: string;
  readonly role: string;
  readonly spec: MapNode;
  readonly key: Entry;
  /** Services whose mounts it has besides its own. */
  readonly lent?: readonly MapNode[];
}

function deriveService(context: Context, name: string, entry: Entry): Container[] {
  const spec = asMap(entry.value);
  const role = child(spec, "provider") === undefined ? "service" : "provider";
  const preStart = listAt(spec, "pre_start").map((hook, index) =>
    deriveContainer(context, { name: `${name}/pre_start.${index}`, service: name, role: "pre_start", spec: asMap(hook), key: { key: hook.at, value: hook }, lent: [spec] }),
  );
  const hooks = listHooks(spec).flatMap(({ at, spec: hook }) => {
    if (!doesMore(hook, spec)) return [];
    return [deriveContainer(context, { name: `${name}/${at}`, service: name, role: "hook", spec: overlay(spec, hook), key: { key: hook.at, value: hook } })];
  });
  return [deriveContainer(context, { name, service: name, role, spec, key: entry }), ...preStart, ...hooks];
}

function deriveContainer({ project, engine, profiles }: Context, { name, service, role, spec, key, lent = [] }: Subject): Container {
  const record: FactRecord = { spec, key: withRelated(key.key, [key.value]), open: whyOpen(spec), engine, origins: {}, unknown: {} };
  record.origins[""] = record.key;
  if (engine.hosts.unknown !== undefined) record.unknown["/engineSockets"] = engine.hosts.unknown;
  if (engine.dataRoot.unknown !== undefined) record.unknown["/engineFolders"] = engine.dataRoot.unknown;
  const missing = role === "service" ? (project.missing.get(service) ?? []) : [];
  return {
    kind: "container",
    id: `${project.name}/${name}`,
    name,
    state: "declared",
    running: false,
    role,
    project: project.name,
    service,
    profiles: [...listProfiles(project, service)],
    active: isActive(project, service, profiles),
    ...listEnginePaths(engine),
    projectFolders: project.folder === "/" ? [] : [project.folder],
    exposure: NO_EXPOSURE,
    kernelDrift: [],
    madeByCompose: false,
    composeDrift: [],
    listeners: [],
    provider: readProvider(record),
    build: readBuild(record),
    ...readConfinement(record),
    ...readNamespaces(record, project.model, project.name),
    ...readNetworking(record, project.model),
    mounts: readMounts(record, project.model, lent),
    ...readResources(record, missing.map(({ kind, file }) => `${kind} ${file}`)),
    origins: record.origins,
    unknown: record.unknown,
  };
}

function whyOpen(spec: MapNode): string | null {
  const base = child(spec, REMOTE_BASE);
  if (base === undefined) return null;
  return `it extends a service of ${textAt(base, "file") ?? "a remote file"}, which is not fetched`;
}

function readProvider(record: FactRecord): string | null {
  place(record, ["provider"], ["provider", "type"]);
  return textAt(record.spec, "provider", "type");
}

function readBuild(record: FactRecord): Container["build"] {
  const { spec } = record;
  place(record, ["build"], ["build"]);
  note(record, ["build", "privileged"], ["build", "privileged"]);
  note(record, ["build", "network"], ["build", "network"]);
  const entitlements = textsAt(spec, "build", "entitlements");
  place(record, ["build", "entitlements"], ["build", "entitlements"]);
  entitlements.forEach((item, index) => {
    noteNode(record, pointer(["build", "entitlements", index]), item, descend(spec, "build", "entitlements"), child(spec, "build"));
  });
  return {
    privileged: booleanAt(spec, "build", "privileged") ?? false,
    network: textAt(spec, "build", "network"),
    entitlements: entitlements.map(({ value }) => value),
  };
}

/** Privilege or a user of its own: else it is what its service is. */
function doesMore(hook: MapNode, spec: MapNode): boolean {
  const privileged = child(hook, "privileged");
  const user = textAt(hook, "user");
  return unknownsOf(privileged).length > 0 || booleanAt(hook, "privileged") === true || (user !== null && user !== (textAt(spec, "user") ?? ""));
}

/** What a hook says of itself, over what its service is. What it runs with is told of by its service. */
function overlay(spec: MapNode, hook: MapNode): MapNode {
  const own = ["privileged", "user"].flatMap((key): [string, Entry][] => {
    const entry = hook.entries.get(key);
    return entry === undefined || isNull(entry.value) ? [] : [[key, entry]];
  });
  return withEntries(TOLD_BY_SERVICE.reduce(withoutKey, spec), own);
}

const TOLD_BY_SERVICE = ["privileged", "environment", "env_file", "labels", "entrypoint", "command", "post_start", "pre_stop", "develop"];

/** Whatever an include brings that is not fetched: nothing of it is known. An `extends` is told of by its service. */
function deriveRemote(context: Context, { kind, address, at }: ComposeProject["remotes"][number]): Container[] {
  if (kind === "extends") return [];
  const place: FilePlace = placeOf(at);
  const empty: MapNode = { kind: "map", entries: new Map(), at };
  const container = deriveContainer(context, { name: address, service: address, role: "remote", spec: empty, key: { key: at, value: empty } });
  return [{ ...container, origins: { "": place }, unknown: { "": `${address} is included from elsewhere and not fetched` } }];
}

function asMap(node: Node): MapNode {
  return node.kind === "map" ? node : { kind: "map", entries: new Map(), at: node.at };
}
