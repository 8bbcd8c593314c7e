/** Names without a value in lists of environment variables get the value that the variable has (compose-go, loader/environment.go). */
import type { Variable, Variables } from "../interpolate/variables.ts";
import type { MapNode, Node } from "../node.ts";
import { compileRules, type PathRules } from "../path-rules.ts";
import { type Change, changeAt } from "./visit.ts";

/** In lists only: maps are resolved once the whole project is known. */
export function resolveVariables(model: MapNode, variables: Variables): MapNode {
  const environment: Change = (node) => {
    if (node.kind !== "list") return node;
    return { ...node, items: node.items.map((item) => resolveItem(item, variables)) };
  };
  const rules: PathRules<Change> = compileRules([["services.*.environment", environment], ["jobs.*.environment", environment]]);
  return changeAt(model, rules) as MapNode;
}

function resolveItem(item: Node, variables: Variables): Node {
  if (item.kind !== "scalar" || typeof item.value !== "string") return item;
  const variable = variables.get(item.value);
  return variable === undefined ? item : withVariable(item, `${item.value}=${variable.value}`, variable);
}

/** The node with a variable's value, which may itself hang on others. */
export function withVariable(node: Extract<Node, { kind: "scalar" }>, value: string, { unknown }: Variable): Node {
  return unknown === undefined ? { ...node, value } : { ...node, value, unknown };
}
