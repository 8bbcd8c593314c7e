/** Whether anything in the container listens on the ports that it is visited at. */
import { entriesAt } from "../raw.ts";
import type { Listener } from "../../snapshot/inside.ts";
import { addressScope } from "../addresses.ts";
import { fault, ok, unknown, type DiagnosisSubject, type Finding } from "./model.ts";

interface ContainerPort {
  readonly port: number;
  readonly protocol: string;
}

export function judgeApplication({ container, inside }: DiagnosisSubject): Finding[] {
  if (inside.data === null) return [];
  const { listeners } = inside.data;
  if (listeners === null) return [unknown("application", "which sockets listen in the container was not read")];
  const wanted = listPorts(container.inspect);
  if (wanted.length === 0) return [describeAll(listeners)];
  return wanted.map((port) => judgePort(port, listeners, container.name));
}

/** Published ports, and those that the image exposes where nothing is published. */
function listPorts(inspect: unknown): ContainerPort[] {
  const published = entriesAt(inspect, "HostConfig", "PortBindings").map(([key]) => key);
  const ports = published.length > 0 ? published : entriesAt(inspect, "Config", "ExposedPorts").map(([key]) => key);
  return ports.flatMap((key) => {
    const [port = "", protocol = "tcp"] = key.split("/");
    return protocol === "tcp" || protocol === "udp" ? [{ port: Number(port), protocol }] : [];
  });
}

function judgePort({ port, protocol }: ContainerPort, listeners: readonly Listener[], name: string): Finding {
  const here = listeners.filter((listener) => listener.port === port && listener.protocol === protocol);
  const reachable = here.filter(({ address }) => addressScope(address) !== "loopback");
  const [first] = reachable;
  if (first !== undefined) return ok("application", `something listens on ${printAddress(first)}/${protocol} in the container`);
  const [local] = here;
  if (local !== undefined) return fault("application", `what listens on port ${port}/${protocol} in the container listens on ${local.address} only, where no packet from outside arrives`, `docker logs --tail 50 ${name}   # then have it listen on 0.0.0.0 or ::`);
  return fault("application", `nothing listens on port ${port}/${protocol} in the container`, `docker logs --tail 50 ${name}`);
}

function describeAll(listeners: readonly Listener[]): Finding {
  const open = listeners.filter(({ address }) => addressScope(address) !== "loopback");
  if (open.length === 0) return ok("application", "nothing in the container takes connections from elsewhere, and no port is published or exposed");
  return ok("application", `in the container listen ${open.map((listener) => `${printAddress(listener)}/${listener.protocol}`).join(", ")}`);
}

export function printAddress({ address, port }: Pick<Listener, "address" | "port">): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
