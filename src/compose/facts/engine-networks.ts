/** Networks that the engine has of itself, `host` and `bridge`: a service may join one by declaring it as an external network. */
import type { MapNode, Node } from "../node.ts";
import { unknownsOf } from "../node.ts";
import { entriesAt, scalarAt } from "../values/read.ts";

/** The name in the declaration of each network that a service joins, with the place where it joins it. */
function joinedNames(spec: MapNode, model: MapNode): Node[] {
  return entriesAt(spec, "networks").flatMap(([key, { key: use }]) => {
    const name = scalarAt(model, "networks", key, "name");
    return name === null ? [] : [{ ...name, related: [...(name.related ?? []), use] }];
  });
}

/** What makes a service join the engine's network of that name, or may do so where a variable decides; undefined if nothing does. */
export function findEngineNetwork(spec: MapNode, model: MapNode, network: "host" | "bridge"): Node | undefined {
  const names = joinedNames(spec, model);
  return names.find((name) => isNamed(name, network)) ?? names.find((name) => unknownsOf(name).length > 0);
}

function isNamed(node: Node | undefined, name: string): boolean {
  return node?.kind === "scalar" && node.value === name;
}
