/** Who is reached by the userland proxy alone. */
import { booleanAt, entriesAt, listAt, textAt } from "../../facts/raw.ts";
import type { ContainerAnswer, Snapshot } from "../../snapshot/model.ts";

/**
 * Names of running containers with a port published over IPv6 and no IPv6 address: nothing can be translated to them, so that without the
 * proxy their visitors over IPv6 are shut out.
 */
export function listProxied({ sources }: Snapshot): string[] {
  return (sources.containers.data ?? []).flatMap((container) => (publishesOnIpv6(container) && !hasIpv6(container) ? [container.name] : [])).sort();
}

function publishesOnIpv6({ inspect }: ContainerAnswer): boolean {
  return booleanAt(inspect, "State", "Running") === true
    && entriesAt(inspect, "NetworkSettings", "Ports").some(([, bindings]) => listAt(bindings).some((binding) => textAt(binding, "HostIp")?.includes(":") === true));
}

function hasIpv6({ inspect }: ContainerAnswer): boolean {
  return entriesAt(inspect, "NetworkSettings", "Networks").some(([, endpoint]) => (textAt(endpoint, "GlobalIPv6Address") ?? "") !== "");
}
