/** Networks, published ports and name resolution of a container. */
import type { AttachedNetwork, Container } from "../model/container.ts";
import type { Part } from "../part.ts";
import { booleanAt, entriesAt, textAt, textsAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import { addressScope, splitHostEntry } from "../addresses.ts";
import { isDefaultBridge } from "../default-bridge.ts";
import { findNetwork, inspectPlace, type ContainerContext } from "./context.ts";
import { derivePublished } from "./ports.ts";

type Networking = Pick<Container, "networks" | "onDefaultBridge" | "ports" | "dns" | "extraHosts">;

export function deriveNetworking(name: string, inspect: unknown, context: ContainerContext): Part<Networking> {
  const origins: Record<string, Place> = {
    "/networks": inspectPlace(name, "NetworkSettings.Networks"),
    "/onDefaultBridge": inspectPlace(name, "HostConfig.NetworkMode"),
    "/ports": inspectPlace(name, "HostConfig.PortBindings"),
    "/dns": inspectPlace(name, "HostConfig.Dns"),
    "/extraHosts": inspectPlace(name, "HostConfig.ExtraHosts"),
  };
  const unknown: Record<string, string> = {};
  const networks = listNetworks(inspect, context);
  if (networks.length > 0 && context.networksUnknown !== null) {
    unknown["/networks"] = context.networksUnknown;
    if (!networks.some((network) => network.defaultBridge)) unknown["/onDefaultBridge"] = context.networksUnknown;
  }
  const published = derivePublished(inspect, networks, context);
  if (published.unknown !== null) unknown["/ports"] = published.unknown;
  return {
    value: {
      networks,
      onDefaultBridge: networks.some((network) => network.defaultBridge),
      ports: published.ports,
      dns: textsAt(inspect, "HostConfig", "Dns").map((address) => ({ key: address, address, scope: addressScope(address) })),
      extraHosts: textsAt(inspect, "HostConfig", "ExtraHosts").map((entry) => {
        const { host, address } = splitHostEntry(entry);
        return { key: entry, host, address, scope: addressScope(address) };
      }),
    },
    origins,
    unknown,
  };
}

function listNetworks(inspect: unknown, context: ContainerContext): AttachedNetwork[] {
  const attached = entriesAt(inspect, "NetworkSettings", "Networks").map(([name, settings]) => {
    const network = findNetwork(context, name, textAt(settings, "NetworkID"));
    return {
      key: name,
      name,
      driver: textAt(network, "Driver"),
      // With `bridge: none` a container names a network that the engine does not have.
      defaultBridge: network === undefined ? context.networksUnknown !== null && name === "bridge" : isDefaultBridge(network),
      internal: booleanAt(network, "Internal") ?? false,
      address4: orNull(textAt(settings, "IPAddress")),
      address6: orNull(textAt(settings, "GlobalIPv6Address")),
    };
  });
  return attached.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function orNull(text: string | null): string | null {
  return text === "" ? null : text;
}
