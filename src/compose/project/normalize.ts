/** The finished project: implicit networks and dependencies, names, variables of environments (compose-go, loader/normalize.go). */
import type { Variables } from "../interpolate/variables.ts";
import { mergeAt } from "../model/merge.ts";
import { withVariable } from "../model/resolve-variables.ts";
import { normalizePath } from "../../facts/host-path.ts";
import { CONTAINER_KEYS } from "../shape/container.ts";
import { descend, type Entry, isNull, type MapNode, mapNode, type Node, type Scalar, scalarNode, type ScalarNode, withEntries } from "../node.ts";
import { entriesAt } from "../values/read.ts";
import { unfold } from "../model/canonical-mounts.ts";

export function normalizeProject(model: MapNode, name: string, variables: Variables): MapNode {
  let project = normalizeNetworks(model);
  for (const section of ["services", "jobs"]) {
    project = changeEntries(project, section, (entry) => normalizeService(entry, variables));
  }
  for (const section of ["networks", "volumes", "configs", "secrets"]) {
    project = changeEntries(project, section, (entry, key) => nameResource(entry, key, name));
  }
  return project;
}

function changeEntries(model: MapNode, section: string, change: (entry: Entry, key: string) => Node): MapNode {
  const found = model.entries.get(section);
  if (found?.value.kind !== "map") return model;
  const entries = new Map([...found.value.entries].map(([key, entry]) => [key, { key: entry.key, value: change(entry, key) }]));
  return withEntries(model, [[section, { key: found.key, value: { ...found.value, entries } }]]);
}

/** Services that name neither networks nor a mode join `default`, which exists once one does. */
function normalizeNetworks(model: MapNode): MapNode {
  const joined = changeEntries(changeEntries(model, "services", joinDefault), "jobs", joinDefault);
  const networks = joined.entries.get("networks");
  const known = networks?.value.kind === "map" ? networks.value : mapNode(new Map(), joined.at);
  const used = ["services", "jobs"].some((section) => entriesAt(joined, section).some(([, { value }]) => needsDefault(value)));
  if (!used || known.entries.has("default")) return joined;
  const value = withEntries(known, [["default", { key: joined.at, value: scalarNode(null, joined.at) }]]);
  return withEntries(joined, [["networks", { key: networks?.key ?? joined.at, value }]]);
}

function joinDefault({ key, value }: Entry): Node {
  if (value.kind !== "map" || !hasNetworks(value)) return value;
  const networks = value.entries.get("networks")?.value;
  if (networks?.kind === "map" && networks.entries.size > 0) return value;
  const joined = mapNode(new Map([["default", { key, value: scalarNode(null, key) }]]), key);
  return withEntries(value, [["networks", { key, value: joined }]]);
}

function needsDefault(service: Node): boolean {
  return service.kind === "map" && hasNetworks(service) && descend(service, "networks", "default") !== undefined;
}

function hasNetworks(service: MapNode): boolean {
  return !service.entries.has("provider") && !service.entries.has("network_mode");
}

function normalizeService({ key, value }: Entry, variables: Variables): Node {
  if (value.kind !== "map") return value;
  const service = withEntries(value, [
    ...change(value, "build", (build) => normalizeBuild(build, variables)),
    ...change(value, "environment", (environment) => resolveNames(environment, variables, true)),
    ...change(value, "volumes", cleanTargets),
    ...dependenciesOf(value, key),
  ]);
  return resolveHooks(service);
}

function change(service: MapNode, key: string, by: (node: Node) => Node): [string, Entry][] {
  const entry = service.entries.get(key);
  return entry === undefined ? [] : [[key, { key: entry.key, value: by(entry.value) }]];
}

function normalizeBuild(build: Node, variables: Variables): Node {
  if (build.kind !== "map") return build;
  const text = (value: string): Entry => ({ key: build.at, value: scalarNode(value, build.at) });
  const context = build.entries.get("context")?.value;
  const dockerfile = isSet(build, "dockerfile") || isSet(build, "dockerfile_inline") ? [] : [["dockerfile", text("Dockerfile")] as const];
  const changed = withEntries(build, [...(context === undefined || isNull(context) ? [["context", text(".")] as const] : []), ...dockerfile]);
  return withEntries(changed, change(changed, "args", (args) => resolveNames(args, variables, false)));
}

function isSet(map: MapNode, key: string): boolean {
  const value = map.entries.get(key)?.value;
  return value !== undefined && !isNull(value);
}

/** Names without a value get their variable's; those that have none stay or go. */
function resolveNames(node: Node, variables: Variables, keep: boolean): Node {
  if (node.kind === "list") {
    const items = node.items.flatMap((item): Node[] => {
      if (item.kind !== "scalar" || typeof item.value !== "string" || item.value.includes("=")) return [item];
      const variable = variables.get(item.value);
      if (variable === undefined) return keep ? [item] : [];
      return [withVariable(item, `${item.value}=${variable.value}`, variable)];
    });
    return { ...node, items };
  }
  if (node.kind !== "map") return node;
  const entries = new Map<string, Entry>();
  for (const [name, entry] of node.entries) {
    const variable = variables.get(name);
    if (!isNull(entry.value) || (variable === undefined && keep)) entries.set(name, entry);
    else if (variable !== undefined) entries.set(name, { key: entry.key, value: withVariable(entry.value as ScalarNode, variable.value, variable) });
  }
  return { ...node, entries };
}

function cleanTargets(volumes: Node): Node {
  if (volumes.kind !== "list") return volumes;
  const items = volumes.items.map((volume) => {
    const target = volume.kind === "map" ? volume.entries.get("target") : undefined;
    if (volume.kind !== "map" || target?.value.kind !== "scalar" || typeof target.value.value !== "string") return volume;
    const cleaned = target.value.value === "" ? "." : normalizePath(target.value.value);
    return cleaned === target.value.value ? volume : withEntries(volume, [["target", { key: target.key, value: { ...target.value, value: cleaned } }]]);
  });
  return { ...volumes, items };
}

const NAMESPACES = ["network_mode", "ipc", "pid", "uts", "cgroup"];

/** Links, joined namespaces and volumes of other services are dependencies too. */
function dependenciesOf(service: MapNode, at: Entry["key"]): [string, Entry][] {
  const given = service.entries.get("depends_on");
  const implied = [...impliedBy(service)].filter(([name]) => !(given?.value.kind === "map" && given.value.entries.has(name)));
  if (implied.length === 0) return [];
  const base = given?.value.kind === "map" ? given.value : mapNode(new Map(), at);
  const value = withEntries(base, implied.map(([name, { node, restart }]) => {
    return [name, { key: node.at, value: unfold(node, { condition: "service_started", restart, required: true }) }] as const;
  }));
  return [["depends_on", { key: given?.key ?? at, value }]];
}

function impliedBy(service: MapNode): Map<string, { node: Node; restart: boolean }> {
  const implied = new Map<string, { node: Node; restart: boolean }>();
  const add = (name: string, node: Node, restart: boolean): void => {
    if (!implied.has(name)) implied.set(name, { node, restart });
  };
  for (const node of textsOf(service, "links")) {
    const parts = node.value.split(":");
    add(parts.length === 2 ? (parts[0] ?? "") : node.value, node, true);
  }
  for (const namespace of NAMESPACES) {
    const mode = service.entries.get(namespace)?.value;
    if (mode?.kind === "scalar" && typeof mode.value === "string" && mode.value.startsWith("service:")) add(mode.value.slice("service:".length), mode, true);
  }
  for (const node of textsOf(service, "volumes_from")) {
    if (!node.value.startsWith("container:")) add(node.value.split(":")[0] ?? "", node, false);
  }
  return implied;
}

function textsOf(service: MapNode, key: string): (ScalarNode & { value: string })[] {
  const list = service.entries.get(key)?.value;
  return list?.kind === "list" ? list.items.filter((item): item is ScalarNode & { value: string } => item.kind === "scalar" && typeof item.value === "string") : [];
}

/** A pre_start container takes what it does not set itself from its service, mounts excepted. */
function resolveHooks(service: MapNode): MapNode {
  const hooks = service.entries.get("pre_start");
  if (hooks?.value.kind !== "list") return service;
  const inherited = [...service.entries].filter(([key]) => key !== "volumes" && key in CONTAINER_KEYS);
  const base = mapNode(new Map(inherited), service.at);
  const items = hooks.value.items.map((hook): Node => (hook.kind === "map" ? { ...mergeAt(base, hook, ["services", "hook"]), at: hook.at } : hook));
  return withEntries(service, [["pre_start", { key: hooks.key, value: { ...hooks.value, items } }]]);
}

/** Resources are named after the project, external ones by their key. */
function nameResource({ key: at, value }: Entry, key: string, project: string): Node {
  const resource = value.kind === "map" ? value : mapNode(new Map(), value.at);
  const name = resource.entries.get("name")?.value;
  if (name !== undefined && !isNull(name)) return resource;
  const external = resource.entries.get("external")?.value;
  const isExternal = external?.kind === "scalar" && isTrue(external.value);
  return withEntries(resource, [["name", { key: at, value: scalarNode(isExternal ? key : `${project}_${key}`, at) }]]);
}

/** Go's strconv.ParseBool. */
function isTrue(value: Scalar): boolean {
  return value === true || ["1", "t", "T", "TRUE", "true", "True"].includes(String(value));
}
