/** Ports and networks of a podman container, as dockerd would tell them. */
import type { Raw } from "../../snapshot/model.ts";
import type { Podman } from "./api.ts";
import { isRootless } from "./complete-info.ts";
import { textOf, toList, toObject } from "./raw.ts";

/**
 * A container that joins another's network namespace is told with that one's networks and ports: they are the other's. A binding without an address
 * is every IPv4 address, and every IPv6 one where one of the container's networks has IPv6, or where rootlessport takes them; of internal networks netavark
 * publishes nothing (tried with podman 4.3 and netavark 1.4).
 */
export function publishPorts(inspect: Raw, host: Raw, { info, networks }: Pick<Podman, "info" | "networks">): Raw {
  const settings = toObject(inspect["NetworkSettings"]);
  if (textOf(host["NetworkMode"]).startsWith("container:")) {
    return { HostConfig: { ...host, PortBindings: {} }, NetworkSettings: { ...settings, Networks: {}, Ports: {} } };
  }
  const attached = Object.keys(toObject(settings["Networks"])).map((name) => toObject(networks.get(name)));
  const isClosed = attached.length > 0 && attached.every(({ internal }) => internal === true);
  const addresses = isRootless(info) || attached.some(({ ipv6_enabled: ipv6 }) => ipv6 === true) ? ["0.0.0.0", "::"] : ["0.0.0.0"];
  const bind = (ports: unknown): Raw => (isClosed ? {} : Object.fromEntries(Object.entries(toObject(ports)).map(([port, bindings]) => [port, spread(bindings, addresses)])));
  return {
    HostConfig: { ...host, PortBindings: bind(host["PortBindings"]) },
    NetworkSettings: { ...settings, Ports: bind(settings["Ports"]) },
  };
}

/** Null is a port that is exposed and not published. */
function spread(bindings: unknown, addresses: readonly string[]): Raw[] | null {
  if (!Array.isArray(bindings)) return null;
  return toList(bindings).map(toObject).flatMap((binding) => (textOf(binding["HostIp"]) === "" ? addresses.map((address) => ({ ...binding, HostIp: address })) : [binding]));
}
