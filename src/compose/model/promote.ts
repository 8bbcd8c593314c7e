/** `x-develop`, which became `develop`: the key without `x-` wins (compose-go, loader/aliases.go). */
import { child, isNull, type MapNode, type Node, withEntries, withoutKey } from "../node.ts";
import { mergeAt } from "./merge.ts";

export function promoteExtensions(model: MapNode): MapNode {
  const services = model.entries.get("services");
  if (services?.value.kind !== "map") return model;
  const changed = [...services.value.entries].filter(([, { value }]) => child(value, "x-develop") !== undefined);
  if (changed.length === 0) return model;
  const promoted = changed.map(([name, entry]) => [name, { key: entry.key, value: promote(name, entry.value as MapNode) }] as const);
  return withEntries(model, [["services", { key: services.key, value: withEntries(services.value, promoted) }]]);
}

function promote(name: string, service: MapNode): Node {
  const extension = service.entries.get("x-develop");
  if (extension === undefined) return service;
  const rest = withoutKey(service, "x-develop");
  const own = rest.entries.get("develop");
  const value = own === undefined || isNull(own.value) ? extension.value : mergeAt(extension.value, own.value, ["services", name, "develop"]);
  return withEntries(rest, [["develop", { key: own?.key ?? extension.key, value }]]);
}
