/** Short forms made long (compose-go, transform/): the form in which files are merged and facts are read. */
import { faultAt } from "../fault.ts";
import { describeKind, type Entry, isNull, type MapNode, mapNode, type Node, printScalar, scalarNode, withEntries } from "../node.ts";
import { compileRules, enter, enterList, type PathRules } from "../path-rules.ts";
import { canonicalDevice, canonicalPorts, canonicalVolume, unfold, unfoldList, type Work } from "./canonical-mounts.ts";
import { defaultDependency } from "./merge.ts";
import { toMap } from "./sequences.ts";

type Transform = (node: Node, work: Work) => Node;

/** Throws HardenError for a short form that Compose cannot read. */
export function canonicalize(model: MapNode): MapNode {
  return visit(model, RULES, { ports: 0 }) as MapNode;
}

/** Below a rule the values are visited first: none of them depends on the form of what holds them. */
function visit(node: Node, rules: PathRules<Transform> | undefined, work: Work): Node {
  if (rules === undefined) return node;
  const below = node.kind === "map" ? visitMap(node, rules, work) : node.kind === "list" ? visitList(node, rules, work) : node;
  return rules.rule === undefined ? below : rules.rule(below, work);
}

function visitMap(node: MapNode, rules: PathRules<Transform>, work: Work): MapNode {
  let entries: Map<string, Entry> | null = null;
  for (const [key, entry] of node.entries) {
    const value = visit(entry.value, enter(rules, key), work);
    if (value === entry.value) continue;
    entries ??= new Map(node.entries);
    entries.set(key, { key: entry.key, value });
  }
  return entries === null ? node : { ...node, entries };
}

function visitList(node: Extract<Node, { kind: "list" }>, rules: PathRules<Transform>, work: Work): Node {
  const below = enterList(rules);
  if (below === undefined) return node;
  const items = node.items.map((item) => visit(item, below, work));
  return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
}

const textAsList = (node: Node): Node => {
  if (node.kind !== "scalar" || typeof node.value !== "string") return node;
  return unfoldList(node, [node]);
};

const envFiles: Transform = (node) => {
  if (node.kind === "list") return { ...node, items: node.items.map(envFile) };
  if (node.kind === "scalar" && typeof node.value === "string") return unfoldList(node, [envFile(node)]);
  throw faultAt(node.at, `env_file takes text or a list, not ${describeKind(node)}`);
};

const envFile = (node: Node): Node => {
  if (node.kind === "map") return addMissing(node, "required", true);
  return node.kind === "scalar" && typeof node.value === "string" ? unfold(node, { path: node, required: true }) : node;
};

const gpus: Transform = (node) => {
  if (node.kind === "list") return node;
  if (node.kind === "scalar" && typeof node.value === "string") return unfoldList(node, [unfold(node, { count: "all" })]);
  throw faultAt(node.at, `gpus takes text or a list, not ${describeKind(node)}`);
};

const namesAsMap: Transform = (node) => (node.kind === "list" ? toMap(node, [], (name) => scalarNode(null, name.at)) : node);

const grant: Transform = (node) => {
  if (node.kind === "map") return node;
  if (node.kind === "scalar" && typeof node.value === "string") return unfold(node, { source: node });
  throw faultAt(node.at, `takes a name or a map, not ${describeKind(node)}`);
};

const ulimit: Transform = (node) => {
  if (node.kind === "map" || (node.kind === "scalar" && node.unknown !== undefined)) return node;
  if (node.kind === "scalar" && typeof node.value === "number" && node.float !== true) return node;
  throw faultAt(node.at, `a limit is an integer or a map, not ${describeKind(node)}`);
};

const build: Transform = (node) => {
  if (node.kind === "map") return node;
  if (node.kind === "scalar" && typeof node.value === "string") return unfold(node, { context: node });
  throw faultAt(node.at, `build takes text or a map, not ${describeKind(node)}`);
};

/** Only of a service that lends itself: elsewhere it is carried out before. */
const extension: Transform = (node) => {
  if (node.kind === "map") return node;
  if (node.kind === "scalar" && typeof node.value === "string") return unfold(node, { service: node });
  throw faultAt(node.at, `extends takes a name or a map, not ${describeKind(node)}`);
};

const asText: Transform = (node) => (node.kind === "scalar" && typeof node.value !== "string" ? { ...node, value: printScalar(node) } : node);

const contexts: Transform = (node) => {
  if (node.kind === "map") return node;
  if (node.kind !== "list") throw faultAt(node.at, `additional_contexts takes a list or a map, not ${describeKind(node)}`);
  return mapNode(new Map(node.items.map((item) => splitPair(item, true))), node.at);
};

const sshKeys: Transform = (node) => {
  if (node.kind === "map") return node;
  if (node.kind !== "list") throw faultAt(node.at, `ssh takes a list or a map, not ${describeKind(node)}`);
  return mapNode(new Map(node.items.map((item) => splitPair(item, false))), node.at);
};

function splitPair(item: Node, needsValue: boolean): [string, Entry] {
  const text = item.kind === "scalar" && typeof item.value === "string" ? item.value : null;
  const at = text?.indexOf("=") ?? -1;
  if (text === null || (at < 0 && (needsValue || text !== "default"))) throw faultAt(item.at, "is no KEY=VALUE");
  if (at < 0) return [text, { key: item.at, value: scalarNode(null, item.at) }];
  return [text.slice(0, at), { key: item.at, value: { ...item, value: text.slice(at + 1) } as Node }];
}

const dependencies: Transform = (node) => {
  if (node.kind === "list") return toMap(node, ["depends_on"], defaultDependency);
  if (node.kind !== "map") throw faultAt(node.at, `depends_on takes a list or a map, not ${describeKind(node)}`);
  const filled = [...node.entries].map(([name, { key, value }]): [string, Entry] => {
    if (value.kind !== "map") throw faultAt(value.at, `depends_on.${name} takes a map, not ${describeKind(value)}`);
    return [name, { key, value: addMissing(addMissing(value, "condition", "service_started"), "required", true) }];
  });
  return { ...node, entries: new Map(filled) };
};

function addMissing(node: MapNode, key: string, value: string | boolean): MapNode {
  return node.entries.has(key) ? node : withEntries(node, [[key, { key: node.at, value: scalarNode(value, node.at) }]]);
}

/** `external: {name: x}` is `external: true` with that name. */
const resource: Transform = (node) => {
  if (isNull(node)) return node;
  if (node.kind !== "map") throw faultAt(node.at, `takes a map, not ${describeKind(node)}`);
  const external = node.entries.get("external");
  if (external?.value.kind !== "map") return node;
  const name = external.value.entries.get("name");
  const own = node.entries.get("name");
  const marked = withEntries(node, [["external", { key: external.key, value: scalarNode(true, external.value.at) }]]);
  if (name === undefined) return marked;
  const same = own?.value.kind === "scalar" && name.value.kind === "scalar" && own.value.value === name.value.value;
  if (own !== undefined && !same) throw faultAt(name.value.at, "name and external.name differ; only name is needed");
  return own === undefined ? withEntries(marked, [["name", name]]) : marked;
};

/** Empty texts among DNS servers say nothing. */
const dns: Transform = (node) => {
  const list = textAsList(node);
  if (list.kind !== "list") return list;
  return { ...list, items: list.items.filter((item) => !(item.kind === "scalar" && (item.value === null || item.value === ""))) };
};

const CONTAINER: readonly (readonly [string, Transform])[] = [
  ["env_file", envFiles],
  ["label_file", textAsList],
  ["gpus", gpus],
  ["networks", namesAsMap],
  ["models", namesAsMap],
  ["volumes.*", canonicalVolume],
  ["dns", dns],
  ["devices.*", canonicalDevice],
  ["secrets.*", grant],
  ["configs.*", grant],
  ["ulimits.*", ulimit],
];

const WORKLOAD: readonly (readonly [string, Transform])[] = [
  ["build", build],
  ["build.secrets.*", grant],
  ["build.provenance", asText],
  ["build.sbom", asText],
  ["build.additional_contexts", contexts],
  ["build.ssh", sshKeys],
  ["build.ulimits.*", ulimit],
  ["depends_on", dependencies],
  ["extends", extension],
  ["ports", canonicalPorts],
];

function below(prefix: string, transforms: readonly (readonly [string, Transform])[]): (readonly [string, Transform])[] {
  return transforms.map(([path, transform]) => [`${prefix}.${path}`, transform]);
}

const RULES: PathRules<Transform> = compileRules([
  ...["services.*", "jobs.*", "services.*.pre_start.*"].flatMap((prefix) => below(prefix, CONTAINER)),
  ...["services.*", "jobs.*"].flatMap((prefix) => below(prefix, WORKLOAD)),
  ...["volumes.*", "networks.*", "secrets.*", "configs.*"].map((path) => [path, resource] as const),
]);
