/** What published ports have in common, whether the engine or a compose file tells of them. */
import { addressScope } from "./addresses.ts";
import type { PublishedPort } from "./model/container.ts";

/** Where a port is bound that names no address. */
const EVERY_INTERFACE: readonly string[] = ["0.0.0.0", "::"];

export const BIND_OPTION = "com.docker.network.bridge.host_binding_ipv4";

/** Where a port is bound that names no address, by its network's option host_binding_ipv4. */
export function bindAddresses(option: string | undefined): readonly string[] {
  return option === undefined || option === "" || addressScope(option) === "unspecified" ? EVERY_INTERFACE : [option];
}

interface Attachment {
  readonly name: string;
  readonly internal: boolean;
  /** gw_priority, 0 where none is given. */
  readonly priority: number;
}

/**
 * Ports are published through one network: that of the highest priority, else the first by name that is not internal (moby, libnetwork's
 * order of endpoints).
 */
export function chooseGateway<N extends Attachment>(networks: readonly N[]): N | undefined {
  return networks.filter(({ internal }) => !internal).sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1))[0];
}

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
