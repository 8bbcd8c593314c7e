/** Merges a later file, document or service into what was there before (compose-go, override/merge.go). The later one's values win. */
import { faultAt } from "../fault.ts";
import { describeKind, type Entry, isNull, type MapNode, mapNode, type Node, relate, scalarNode } from "../node.ts";
import { compileRules, enter, type PathRules, printPath } from "../path-rules.ts";
import { appendItems, joinLists, toItems, toMap } from "./sequences.ts";
import { indexPairs, keepUnique } from "./unique.ts";

/** Merges whole models. Throws HardenError where one cannot be merged into the other. */
export function mergeModels(base: MapNode, later: MapNode): MapNode {
  return mergeMaps(base, later, [], RULES);
}

/** Merges two values that stand at a path of the model: `["services", "web"]`. */
export function mergeAt(base: Node, later: Node, path: readonly string[]): Node {
  let rules: Rules = RULES;
  for (const key of path) rules = enter(rules, key);
  return mergeNodes(base, later, path, rules);
}

type Rules = PathRules<Merge> | undefined;
type Merge = (base: Node, later: Node, path: readonly string[], rules: Rules) => Node;

function mergeNodes(base: Node, later: Node, path: readonly string[], rules: Rules): Node {
  if (rules?.rule !== undefined) return rules.rule(base, later, path, rules);
  if (isNull(later)) return base;
  if (base.kind === "scalar") return overridden(base, later);
  if (base.kind !== later.kind) throw clash(base, later, path);
  if (base.kind === "list") return joinLists(base, appendItems(base.items, toItems(later)));
  return mergeMaps(base, later as MapNode, path, rules);
}

function mergeMaps(base: MapNode, later: MapNode, path: readonly string[], rules: Rules): MapNode {
  const entries = new Map(base.entries);
  for (const [key, entry] of later.entries) {
    const known = entries.get(key);
    entries.set(key, known === undefined ? entry : mergeEntries(known, entry, [...path, key], enter(rules, key)));
  }
  return { ...base, entries };
}

function mergeEntries(base: Entry, later: Entry, path: readonly string[], rules: Rules): Entry {
  const value = mergeNodes(base.value, later.value, path, rules);
  return { key: value === base.value ? base.key : later.key, value };
}

/** The later value, which remembers the place of the one that lost. */
function overridden(base: Node, later: Node): Node {
  return relate(later, base.at);
}

const mergePairs: Merge = (base, later, path) => {
  return joinLists(base, keepUnique([...toItems(base), ...toItems(later)], indexPairs, path));
};

const mergeLists: Merge = (base, later) => joinLists(base, appendItems(toItems(base), toItems(later)));

const mergeNames: Merge = (base, later, path, rules) => {
  const nothing = (name: Node): Node => scalarNode(null, name.at);
  return mergeMaps(toMap(base, path, nothing), toMap(later, path, nothing), path, rules);
};

const mergeDependencies: Merge = (base, later, path, rules) => {
  return mergeMaps(toMap(base, path, defaultDependency), toMap(later, path, defaultDependency), path, rules);
};

export function defaultDependency(name: Node): Node {
  const entry = (value: string | boolean): Entry => ({ key: name.at, value: scalarNode(value, name.at) });
  return mapNode(new Map([["condition", entry("service_started")], ["required", entry(true)]]), name.at);
}

const mergeBuild: Merge = (base, later, path, rules) => mergeMaps(buildMap(base, path), buildMap(later, path), path, rules);

function buildMap(node: Node, path: readonly string[]): MapNode {
  if (node.kind === "map") return node;
  if (node.kind === "list" || typeof node.value !== "string") return mapNode(new Map(), node.at);
  if (path.length === 0) throw faultAt(node.at, "a build stands below a service");
  return mapNode(new Map([["context", { key: node.at, value: node }]]), node.at);
}

/** Options are merged only between equal drivers, or where one of the two names none. */
const mergeLogging: Merge = (base, later, path, rules) => {
  if (base.kind !== "map" || later.kind !== "map") throw clash(base, later, path);
  const [own, other] = [base.entries.get("driver")?.value, later.entries.get("driver")?.value];
  const same = own === undefined || other === undefined || (own.kind === "scalar" && other.kind === "scalar" && own.value === other.value);
  return same ? mergeMaps(base, later, path, rules) : overridden(base, later);
};

const mergeUlimit: Merge = (base, later, path, rules) => {
  return base.kind === "map" && later.kind === "map" ? mergeMaps(base, later, path, rules) : overridden(base, later);
};

/** Pools of one subnet are merged; a pool without one goes with any that has none. */
const mergePools: Merge = (base, later, path, rules) => {
  if (base.kind !== "list" || later.kind !== "list") throw clash(base, later, path);
  const pools: MapNode[] = [];
  for (const original of base.items) {
    for (const added of later.items) {
      const [own, other] = [poolMap(original, path), poolMap(added, path)];
      if (subnetOf(own) !== subnetOf(other) && !pools.some((pool) => subnetOf(pool) === subnetOf(other))) {
        pools.push(other);
        continue;
      }
      const merged = mergeMaps(own, other, path, rules);
      const index = pools.findIndex((pool) => subnetOf(pool) === subnetOf(merged));
      if (index < 0) pools.push(merged);
      else pools[index] = merged;
    }
  }
  return joinLists(base, pools);
};

function poolMap(node: Node, path: readonly string[]): MapNode {
  return toMap(node, path, (name) => scalarNode(null, name.at));
}

function subnetOf(pool: MapNode): unknown {
  const subnet = pool.entries.get("subnet")?.value;
  return subnet?.kind === "scalar" ? subnet.value : null;
}

function clash(base: Node, later: Node, path: readonly string[]): Error {
  return faultAt(later.at, `${printPath(path)} is ${describeKind(later)} here and ${describeKind(base)} before`);
}

const WORKLOAD: readonly (readonly [string, Merge])[] = [
  ["annotations", mergePairs],
  ["build", mergeBuild],
  ["build.args", mergePairs],
  ["build.additional_contexts", mergePairs],
  ["build.extra_hosts", mergeLists],
  ["build.labels", mergePairs],
  ["command", overridden],
  ["depends_on", mergeDependencies],
  ["dns", mergeLists],
  ["dns_opt", mergeLists],
  ["dns_search", mergeLists],
  ["entrypoint", overridden],
  ["env_file", mergeLists],
  ["label_file", mergeLists],
  ["environment", mergePairs],
  ["extra_hosts", mergeLists],
  ["healthcheck.test", overridden],
  ["labels", mergePairs],
  ["logging", mergeLogging],
  ["models", mergeNames],
  ["networks", mergeNames],
  ["sysctls", mergePairs],
  ["tmpfs", mergeLists],
  ["ulimits.*", mergeUlimit],
];

const RULES: PathRules<Merge> = compileRules([
  ["networks.*.ipam.config", mergePools],
  ["networks.*.labels", mergePairs],
  ["volumes.*.labels", mergePairs],
  ["secrets.*.labels", mergePairs],
  ["configs.*.labels", mergePairs],
  ...["services.*.", "jobs.*."].flatMap((prefix) => WORKLOAD.map(([path, rule]) => [prefix + path, rule] as const)),
  ["services.*.deploy.labels", mergePairs],
]);
