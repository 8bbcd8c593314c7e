/** Published ports, one for each address family that they are bound in. What the rules make of them needs the netfilter engine. */
import type { Snapshot } from "../snapshot/model.ts";
import { deriveContainers } from "./container.ts";
import type { Container, PublishedPort } from "./model/container.ts";
import type { Port } from "./model/port.ts";
import { lookUp, type Derived } from "./resource.ts";

const NOT_YET = "which packets reach this port is not analysed by this version of harden";

export function derivePorts(snapshot: Snapshot): Derived<Port> {
  const containers = deriveContainers(snapshot);
  const ports = containers.resources.flatMap((container) => container.ports.map((port) => derivePort(container, port)));
  return { resources: ports.sort((a, b) => (a.id < b.id ? -1 : 1)), source: containers.source };
}

function derivePort(container: Container, port: PublishedPort): Port {
  const family = port.hostIp.includes(":") ? "v6" : "v4";
  const host = family === "v6" ? `[${port.hostIp}]` : port.hostIp;
  const bound = `${port.hostPort ?? "?"}/${port.protocol}`;
  const place = lookUp(container.origins, "/ports");
  return {
    kind: "port",
    id: `${family} ${host}:${bound} → ${container.name}:${port.containerPort}`,
    name: bound,
    origins: place === undefined ? {} : { "": place },
    unknown: {
      "/synRate": NOT_YET,
      "/synBurst": NOT_YET,
      "/connectionLimit": NOT_YET,
      "/answersNullScan": NOT_YET,
      "/answersXmasScan": NOT_YET,
    },
    family,
    protocol: port.protocol,
    hostIp: port.hostIp,
    hostPort: port.hostPort,
    container: container.id,
    containerPort: port.containerPort,
    loopback: port.scope === "loopback",
    synRate: null,
    synBurst: null,
    connectionLimit: null,
    answersNullScan: false,
    answersXmasScan: false,
  };
}
