/** What Compose refuses of one file's model although its shape is right (compose-go, validation/). */
import type { HardenError } from "../../errors.ts";
import { isAddress } from "../../facts/addresses.ts";
import { quote } from "../../text.ts";
import { faultAt, throwFaults } from "../fault.ts";
import { child, type MapNode, type Node } from "../node.ts";
import { compileRules, type PathRules, printPath } from "../path-rules.ts";
import { changeAt, type Change } from "./visit.ts";

/** Throws HardenError for all of them at once. */
export function checkModel(model: MapNode): void {
  const faults: HardenError[] = [];
  const rules = compileRules<Change>(
    CHECKS.map(([pattern, check]): [string, Change] => [
      pattern,
      (node, path) => {
        const fault = check(node, printPath(path));
        if (fault !== null) faults.push(fault);
        return node;
      },
    ]),
  );
  changeAt(model, rules satisfies PathRules<Change>);
  throwFaults(faults);
}

type Check = (node: Node, path: string) => HardenError | null;

const externalVolume: Check = (node, path) => {
  const external = child(node, "external");
  if (node.kind !== "map" || external?.kind !== "scalar" || external.value !== true) return null;
  for (const [key, { key: at }] of node.entries) {
    if (key !== "name" && key !== "external" && !key.startsWith("x-")) return faultAt(at, `${path} is external, so ${key} cannot be set here`);
  }
  return null;
};

function oneSource(...keys: readonly string[]): Check {
  return (node, path) => {
    if (node.kind !== "map") return null;
    const given = keys.flatMap((key) => node.entries.get(key) ?? []);
    const second = given[1];
    if (second !== undefined) return faultAt(second.key, `${path} takes only one of ${keys.join(", ")}`);
    const free = given.length === 1 || node.entries.has("driver") || node.entries.has("external");
    return free ? null : faultAt(node.at, `${path} needs one of ${keys.join(", ")}`);
  };
}

const hostAddress: Check = (node, path) => {
  const address = child(node, "host_ip");
  if (address?.kind !== "scalar" || address.unknown !== undefined) return null;
  return typeof address.value === "string" && isAddress(address.value) ? null : faultAt(address.at, `${path}: ${quote(address.value)} is no IP address`);
};

const watchedPath: Check = (node, path) => {
  return node.kind === "scalar" && node.value === "" ? faultAt(node.at, `${path} cannot be empty`) : null;
};

const deviceRequest: Check = (node, path) => {
  const ids = node.kind === "map" ? node.entries.get("device_ids") : undefined;
  return ids === undefined || child(node, "count") === undefined ? null : faultAt(ids.key, `${path} takes either count or device_ids`);
};

const CHECKS: readonly (readonly [string, Check])[] = [
  ["volumes.*", externalVolume],
  ["configs.*", oneSource("file", "environment", "content")],
  ["secrets.*", oneSource("file", "environment")],
  ["services.*.ports.*", hostAddress],
  ["services.*.develop.watch.*.path", watchedPath],
  ["services.*.deploy.resources.reservations.devices.*", deviceRequest],
  ["services.*.gpus.*", deviceRequest],
];
