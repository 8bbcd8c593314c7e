/** What published ports have in common, whether the engine or a compose file tells of them. */
import { addressScope } from "./addresses.ts";
import type { PublishedPort } from "./model/container.ts";

/** Where a port is bound that names no address. */
export const EVERY_INTERFACE: readonly string[] = ["0.0.0.0", "::"];

/** One binding of one container port. A host port of null is chosen by the engine. */
export function publishPort(containerPort: number, protocol: string, hostIp: string, hostPort: number | null): PublishedPort {
  const host = hostIp.includes(":") ? `[${hostIp}]` : hostIp;
  return { key: `${host}:${hostPort ?? "?"}->${containerPort}/${protocol}`, protocol, containerPort, hostIp, hostPort, scope: bindScope(hostIp) };
}

export function comparePorts(a: PublishedPort, b: PublishedPort): number {
  return a.containerPort - b.containerPort || (a.key < b.key ? -1 : 1);
}

function bindScope(address: string): PublishedPort["scope"] {
  const scope = addressScope(address);
  if (scope === "unspecified") return "any";
  return scope === "loopback" ? "loopback" : "address";
}
