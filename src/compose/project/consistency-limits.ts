/** Limits that stand at two places and contradict each other, and scales that cannot be. */
import { faultAt } from "../fault.ts";
import type { HardenError } from "../../errors.ts";
import { type Node, unknownsOf } from "../node.ts";
import { bytesAt, mapAt, numberAt, scalarAt } from "../values/read.ts";
import type { ServiceCheck } from "./service-check.ts";

export const checkLimits: ServiceCheck = ({ name, service }) => [...compareLimits(name, service), ...checkScale(name, service)];

interface Twin {
  /** The key of the service, and the path of the same limit below deploy.resources. */
  readonly key: string;
  readonly section: "limits" | "reservations";
  readonly other: string;
  readonly read: (node: Node | undefined, ...keys: readonly string[]) => number | null;
}

/** Compose keeps CPUs with the precision of a float32. */
const cpus: Twin["read"] = (node, ...keys) => Math.fround(numberAt(node, ...keys) ?? 0);

const TWINS: readonly Twin[] = [
  { key: "cpus", section: "limits", other: "cpus", read: cpus },
  { key: "mem_limit", section: "limits", other: "memory", read: bytesAt },
  { key: "mem_reservation", section: "reservations", other: "memory", read: bytesAt },
  { key: "pids_limit", section: "limits", other: "pids", read: numberAt },
];

/** A limit of the service counts as contradicted too where deploy sets others and not this one. */
function compareLimits(name: string, service: Node): HardenError[] {
  return TWINS.flatMap(({ key, section, other, read }) => {
    const own = scalarAt(service, key);
    const limits = mapAt(service, "deploy", "resources", section);
    if (own === null || limits === null || unknownsOf(own).length > 0 || unknownsOf(limits.entries.get(other)?.value).length > 0) return [];
    const value = read(service, key) ?? 0;
    if (value === 0 || value === (read(limits, other) ?? 0)) return [];
    return [faultAt(own.at, `services.${name}: ${key} and deploy.resources.${section}.${other} are not the same`)];
  });
}

function checkScale(name: string, service: Node): HardenError[] {
  const [scale, replicas] = [numberAt(service, "scale"), numberAt(service, "deploy", "replicas")];
  const at = scalarAt(service, "scale")?.at ?? scalarAt(service, "deploy", "replicas")?.at ?? service.at;
  if (scale !== null && replicas !== null && scale !== replicas) return [faultAt(at, `services.${name}: scale and deploy.replicas are not the same`)];
  const count = scale ?? replicas ?? 1;
  if (count < 0) return [faultAt(at, `services.${name}: there cannot be fewer than 0 containers`)];
  const given = scalarAt(service, "container_name");
  const fixed = given !== null && given.value !== "" && given.value !== null;
  return count > 1 && fixed ? [faultAt(at, `services.${name}: container_name is for one container only`)] : [];
}
