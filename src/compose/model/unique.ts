/** Lists in which an entry replaces an earlier one of the same key (compose-go, override/uncity.go). */
import { faultAt } from "../fault.ts";
import { child, describeKind, type Entry, type MapNode, type Node, relate } from "../node.ts";
import { compileRules, enter, type PathRules, printPath } from "../path-rules.ts";
import { parseVolume } from "./volume-syntax.ts";

type Index = (item: Node, path: readonly string[]) => string;

/** One entry a key: the last one, at the place of the first. It remembers those that it replaced. */
export function keepUnique(items: readonly Node[], index: Index, path: readonly string[]): readonly Node[] {
  const kept = new Map<string, Node>();
  for (const item of items) {
    const key = index(item, path);
    const before = kept.get(key);
    kept.set(key, before === undefined || before === item ? item : relate(item, before.at));
  }
  return kept.size === items.length ? items : [...kept.values()];
}

/** Throws HardenError for entries whose key cannot be told. */
export function enforceUnique(model: MapNode): MapNode {
  return visit(model, [], RULES) as MapNode;
}

function visit(node: Node, path: string[], rules: PathRules<Index> | undefined): Node {
  if (rules === undefined || node.kind === "scalar") return node;
  if (node.kind === "list") {
    const items = rules.rule === undefined ? node.items : keepUnique(node.items, rules.rule, path);
    return items === node.items ? node : { ...node, items };
  }
  return visitMap(node, path, rules);
}

function visitMap(node: MapNode, path: string[], rules: PathRules<Index>): Node {
  let entries: Map<string, Entry> | null = null;
  for (const [key, entry] of node.entries) {
    const below = enter(rules, key);
    if (below === undefined) continue;
    path.push(key);
    const value = visit(entry.value, path, below);
    path.pop();
    if (value === entry.value) continue;
    entries ??= new Map(node.entries);
    entries.set(key, { key: entry.key, value });
  }
  return entries === null ? node : { ...node, entries };
}

/** `KEY=VALUE` by its key, any other text by itself. */
export function indexPairs(item: Node, path: readonly string[]): string {
  if (item.kind !== "scalar" || typeof item.value !== "string") throw faultAt(item.at, `${printPath(path)} takes texts, not ${describeKind(item)}`);
  return item.value.split("=", 1)[0] ?? "";
}

const indexVolume: Index = (item, path) => {
  if (item.kind === "map") return requireText(item, "target", path);
  if (item.kind !== "scalar" || typeof item.value !== "string") return "";
  const volume = parseVolume(item.value);
  if ("refused" in volume) throw faultAt(item.at, volume.refused);
  return volume.target;
};

const indexDevice: Index = (item, path) => {
  if (item.kind === "map") return requireText(item, "target", path);
  if (item.kind !== "scalar" || typeof item.value !== "string") return "";
  const [source = "", target] = item.value.split(":");
  return target ?? source;
};

function requireText(item: MapNode, key: string, path: readonly string[]): string {
  const value = child(item, key);
  if (value?.kind === "scalar" && typeof value.value === "string") return value.value;
  throw faultAt(value?.at ?? item.at, `an entry of ${printPath(path)} needs a ${key}, as text`);
}

/** Numbers and texts are not the same here: a long form that publishes 80 and one that publishes "80" both stay. */
const indexPort: Index = (item, path) => {
  if (item.kind === "list") return "";
  if (item.kind === "scalar") return typeof item.value === "string" || typeof item.value === "number" ? String(item.value) : "";
  if (child(item, "target") === undefined) throw faultAt(item.at, `an entry of ${printPath(path)} needs a target port`);
  const part = (key: string, fallback: string): string => {
    const value = child(item, key);
    return value?.kind === "scalar" ? (typeof value.value === "string" ? value.value : JSON.stringify([value.value])) : fallback;
  };
  return `${part("host_ip", "0.0.0.0")}:${part("published", "")}:${part("target", "")}/${part("protocol", "tcp")}`;
};

const indexExposed: Index = (item, path) => {
  if (item.kind === "scalar" && (typeof item.value === "string" || (typeof item.value === "number" && item.float !== true))) return String(item.value);
  throw faultAt(item.at, `${printPath(path)} takes ports, not ${describeKind(item)}`);
};

function indexMount(folder: string): Index {
  return (item, path) => {
    if (item.kind === "scalar" && typeof item.value === "string") return `${folder}/${item.value}`;
    if (item.kind !== "map") throw faultAt(item.at, `${printPath(path)} takes names or maps, not ${describeKind(item)}`);
    if (child(item, "target") !== undefined) return requireText(item, "target", path);
    const source = child(item, "source");
    return `${folder}/${source?.kind === "scalar" ? String(source.value) : ""}`;
  };
}

const indexEnvFile: Index = (item, path) => {
  if (item.kind === "map") return requireText(item, "path", path);
  return item.kind === "scalar" && typeof item.value === "string" ? item.value : "";
};

const RULES: PathRules<Index> = compileRules([
  ["networks.*.labels", indexPairs],
  ["networks.*.ipam.options", indexPairs],
  ...[
    "annotations", "build.args", "build.additional_contexts", "build.platform", "build.tags", "build.labels", "cap_add", "cap_drop", "deploy.labels",
    "dns", "dns_opt", "dns_search", "environment", "labels", "links", "networks.*.aliases", "networks.*.link_local_ips", "profiles", "sysctls", "tmpfs",
  ].map((path) => [`services.*.${path}`, indexPairs] as const),
  ["services.*.configs", indexMount("")],
  ["services.*.secrets", indexMount("/run/secrets")],
  ["services.*.devices", indexDevice],
  ["services.*.env_file", indexEnvFile],
  ["services.*.expose", indexExposed],
  ["services.*.ports", indexPort],
  ["services.*.volumes", indexVolume],
]);
