/** Published ports of a container, and on which addresses. */
import type { AttachedNetwork, PublishedPort } from "../model/container.ts";
import { BIND_OPTION, bindAddresses, chooseGateway, comparePorts, publishPort } from "../published-port.ts";
import { booleanAt, entriesAt, listAt, numberAt, textAt, textMapAt } from "../raw.ts";
import { findNetwork, type ContainerContext } from "./context.ts";

export interface Published {
  readonly ports: PublishedPort[];
  /** Why there may be others. */
  readonly unknown: string | null;
}

/**
 * As bound while the container runs, else as it will be bound at its next start. A binding without an address takes that of its network
 * (`com.docker.network.bridge.host_binding_ipv4`); without one it is every interface of both families. Of a network that does not
 * publish (the host's, none, another container's, internal ones) the engine takes `-p` and does nothing (tried on 20.10 and 29).
 */
export function derivePublished(inspect: unknown, networks: readonly AttachedNetwork[], context: ContainerContext): Published {
  const bound = entriesAt(inspect, "NetworkSettings", "Ports").flatMap(readBindings);
  const bindings = bound.length > 0 || isUp(inspect) ? bound : listWanted(inspect, networks, context);
  const defaults = defaultAddresses(inspect, networks, context);
  const ports = bindings.flatMap(({ containerPort, protocol, hostIp, hostPort }) =>
    (hostIp === "" ? defaults : [hostIp]).map((address) => publishPort(containerPort, protocol, address, hostPort)),
  );
  return {
    ports: [...new Map(ports.map((port) => [port.key, port])).values()].sort(comparePorts),
    unknown: networks.some(({ name }) => booleanAt(findNetwork(context, name, null), "Ingress") === true)
      ? "it stands behind the swarm's ingress network, and what its service publishes there is not told by the container"
      : null,
  };
}

interface Binding {
  containerPort: number;
  protocol: string;
  hostIp: string;
  hostPort: number | null;
}

/** A restarting container is between two starts and holds no port. */
function isUp(inspect: unknown): boolean {
  return ["running", "paused"].includes(textAt(inspect, "State", "Status") ?? "");
}

function listWanted(inspect: unknown, networks: readonly AttachedNetwork[], context: ContainerContext): Binding[] {
  const mode = textAt(inspect, "HostConfig", "NetworkMode") ?? "";
  if (mode === "host" || mode === "none" || mode.startsWith("container:")) return [];
  if (networks.length > 0 && !networks.some((network) => canPublish(network, context))) return [];
  const wanted = entriesAt(inspect, "HostConfig", "PortBindings").flatMap(readBindings);
  return [...wanted, ...publishAll(inspect, wanted)];
}

/** With `bridge: none` the network "bridge" is not there; another one that is not there may be made anew under its name. */
function canPublish({ name, internal }: AttachedNetwork, context: ContainerContext): boolean {
  if (context.networksUnknown !== null) return true;
  return !internal && (name !== "bridge" || findNetwork(context, name, null) !== undefined);
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

function defaultAddresses(inspect: unknown, networks: readonly AttachedNetwork[], context: ContainerContext): readonly string[] {
  const gateway = chooseGateway(networks.map((network) => ({
    ...network, priority: numberAt(inspect, "NetworkSettings", "Networks", network.name, "GwPriority") ?? 0,
  })));
  return bindAddresses(gateway === undefined ? undefined : textMapAt(findNetwork(context, gateway.name, null), "Options")[BIND_OPTION]);
}

/** Null where the engine chooses: no port, 0, or a range of which it takes a free one. */
function portNumber(text: string | null): number | null {
  return /^[1-9]\d*$/.test(text ?? "") ? Number(text) : null;
}
