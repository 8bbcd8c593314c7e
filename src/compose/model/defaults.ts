/** Values that Compose fills in where none is given (compose-go, transform/defaults.go). */
import { faultAt } from "../fault.ts";
import { child, describeKind, type MapNode, type Node, printScalar, type Scalar, scalarNode, withEntries } from "../node.ts";
import { compileRules, type PathRules } from "../path-rules.ts";
import { type Change, changeAt } from "./visit.ts";

export function applyDefaults(model: MapNode): MapNode {
  return changeAt(model, RULES) as MapNode;
}

const buildContext: Change = (node) => (node.kind === "map" ? fill(node, { context: "." }) : node);

const secretTarget: Change = (node) => {
  if (node.kind !== "map") throw faultAt(node.at, `a secret is a name or a map, not ${describeKind(node)}`);
  const source = child(node, "source");
  return fill(node, { target: `/run/secrets/${source?.kind === "scalar" ? printScalar(source) : "<nil>"}` });
};

const port: Change = (node) => (node.kind === "map" ? fill(node, { protocol: "tcp", mode: "ingress" }) : node);

const deviceRequest: Change = (node) => {
  if (node.kind !== "map") throw faultAt(node.at, `a device request is a map, not ${describeKind(node)}`);
  return node.entries.has("device_ids") ? node : fill(node, { count: "all" });
};

const bind: Change = (node) => {
  if (node.kind !== "map") throw faultAt(node.at, `bind takes a map, not ${describeKind(node)}`);
  return fill(node, { create_host_path: true });
};

function fill(node: MapNode, values: Readonly<Record<string, Scalar>>): Node {
  const missing = Object.entries(values).filter(([key]) => !node.entries.has(key));
  if (missing.length === 0) return node;
  return withEntries(node, missing.map(([key, value]) => [key, { key: node.at, value: scalarNode(value, node.at) }] as const));
}

const RULES: PathRules<Change> = compileRules<Change>([
  ...["services.*.", "jobs.*."].flatMap((prefix): [string, Change][] => [
    [`${prefix}build`, buildContext],
    [`${prefix}secrets.*`, secretTarget],
    [`${prefix}ports.*`, port],
    [`${prefix}gpus.*`, deviceRequest],
    [`${prefix}volumes.*.bind`, bind],
  ]),
  ["services.*.deploy.resources.reservations.devices.*", deviceRequest],
]);
