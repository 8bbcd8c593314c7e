/** Networks, published ports and name resolution of a container. */
import type { AttachedNetwork, Container, PublishedPort } from "../model/container.ts";
import type { Part } from "../part.ts";
import { booleanAt, entriesAt, listAt, numberAt, textAt, textMapAt, textsAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import { splitHostEntry } from "../addresses.ts";
import { comparePorts, EVERY_INTERFACE, publishPort } from "../published-port.ts";
import { findNetwork, inspectPlace, isDefaultBridge, type ContainerContext } from "./context.ts";

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
  return {
    value: {
      networks,
      onDefaultBridge: networks.some((network) => network.defaultBridge),
      ports: listPorts(inspect, networks, context),
      dns: textsAt(inspect, "HostConfig", "Dns").map((address) => ({ key: address, address })),
      extraHosts: textsAt(inspect, "HostConfig", "ExtraHosts").map((entry) => ({ key: entry, ...splitHostEntry(entry) })),
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
      defaultBridge: network === undefined ? name === "bridge" : isDefaultBridge(network),
      internal: booleanAt(network, "Internal") ?? false,
      address4: orNull(textAt(settings, "IPAddress")),
      address6: orNull(textAt(settings, "GlobalIPv6Address")),
    };
  });
  return attached.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * As bound where the container runs, else as it will be bound. A binding without an address takes that of its network
 * (`com.docker.network.bridge.host_binding_ipv4`), which the engine fills from its own default; without one it is every interface of both families.
 */
function listPorts(inspect: unknown, networks: readonly AttachedNetwork[], context: ContainerContext): PublishedPort[] {
  const bound = entriesAt(inspect, "NetworkSettings", "Ports").flatMap(readBindings);
  const wanted = entriesAt(inspect, "HostConfig", "PortBindings").flatMap(readBindings);
  const defaults = defaultBindAddresses(networks, context);
  const bindings = bound.length > 0 ? bound : [...wanted, ...publishAll(inspect, wanted)];
  const ports = bindings.flatMap(({ containerPort, protocol, hostIp, hostPort }) =>
    (hostIp === "" ? defaults : [hostIp]).map((address) => publishPort(containerPort, protocol, address, hostPort)),
  );
  return [...new Map(ports.map((port) => [port.key, port])).values()].sort(comparePorts);
}

interface Binding {
  containerPort: number;
  protocol: string;
  hostIp: string;
  hostPort: number | null;
}

/** `"80/tcp": [{HostIp, HostPort}]`; null is an exposed port that nobody published. */
function readBindings([port, bindings]: [string, unknown]): Binding[] {
  const [number = "", protocol = "tcp"] = port.split("/");
  return listAt({ bindings }, "bindings").map((binding) => ({
    containerPort: Number(number),
    protocol,
    hostIp: textAt(binding, "HostIp") ?? "",
    hostPort: portNumber(textAt(binding, "HostPort")),
  }));
}

/** `-P` publishes every exposed port on a port that the engine chooses at start. */
function publishAll(inspect: unknown, wanted: readonly Binding[]): Binding[] {
  if (booleanAt(inspect, "HostConfig", "PublishAllPorts") !== true) return [];
  const exposed = entriesAt(inspect, "Config", "ExposedPorts").flatMap(([port]) => {
    const [number = "", protocol = "tcp"] = port.split("/");
    return [{ containerPort: Number(number), protocol, hostIp: "", hostPort: null }];
  });
  return exposed.filter((port) => !wanted.some((other) => other.containerPort === port.containerPort && other.protocol === port.protocol));
}

function defaultBindAddresses(networks: readonly AttachedNetwork[], context: ContainerContext): readonly string[] {
  const first = networks[0];
  if (first === undefined) return EVERY_INTERFACE;
  const options = textMapAt(findNetwork(context, first.name, null), "Options");
  const address = options["com.docker.network.bridge.host_binding_ipv4"] ?? "";
  return address === "" || address === "0.0.0.0" ? EVERY_INTERFACE : [address];
}

function portNumber(text: string | null): number | null {
  return text === null || text === "" || text === "0" ? null : (numberAt({ value: Number(text) }, "value") ?? null);
}

function orNull(text: string | null): string | null {
  return text === "" ? null : text;
}
