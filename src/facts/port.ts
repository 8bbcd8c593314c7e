/** Published ports, one for each address family that they are bound in. What the rules make of them is asked in exposure/. */
import type { Snapshot } from "../snapshot/model.ts";
import { deriveContainers } from "./container.ts";
import type { Container, PublishedPort } from "./model/container.ts";
import { UNASKED } from "./exposure/unasked.ts";
import type { Port } from "./model/port.ts";
import { lookUp, type Derived } from "./resource.ts";

export function derivePorts(snapshot: Snapshot): Derived<Port> {
  const containers = deriveContainers(snapshot);
  const all = containers.resources.flatMap((container) => container.ports.map((port): [Container, PublishedPort] => [container, port]));
  const claims = new Map<string, number>();
  for (const [container, port] of all) claims.set(identify(port, container.name), (claims.get(identify(port, container.name)) ?? 0) + 1);
  const ports = all.map(([container, port]) => {
    const id = identify(port, container.name);
    // Before their start two containers may want one port, and services of two projects may share a name.
    return derivePort(container, port, claims.get(id) === 1 ? id : identify(port, container.id));
  });
  return { resources: ports.sort((a, b) => (a.id < b.id ? -1 : 1)), source: findSource(containers) };
}

/** As of the containers, unless the ports of one of them are not known. */
function findSource({ resources, source }: Derived<Container>): Derived["source"] {
  if (source.status !== "ok") return source;
  for (const { id, unknown } of resources) {
    const reason = lookUp(unknown, "/ports");
    if (reason !== undefined) return { status: "failed", detail: `the ports of ${id} are not known: ${reason}` };
  }
  return source;
}

function identify({ hostIp, hostPort, protocol, containerPort }: PublishedPort, container: string): string {
  const host = hostIp.includes(":") ? `v6 [${hostIp}]` : `v4 ${hostIp}`;
  return `${host}:${hostPort ?? "?"}/${protocol} → ${container}:${containerPort}`;
}

function derivePort(container: Container, port: PublishedPort, id: string): Port {
  const place = lookUp(container.origins, "/ports");
  return {
    kind: "port",
    id,
    name: `${port.hostPort ?? "?"}/${port.protocol}`,
    origins: place === undefined ? {} : { "": place },
    unknown: {},
    family: port.hostIp.includes(":") ? "v6" : "v4",
    protocol: port.protocol,
    hostIp: port.hostIp,
    hostPort: port.hostPort,
    container: container.id,
    containerPort: port.containerPort,
    loopback: port.scope === "loopback",
    ...UNASKED,
  };
}
