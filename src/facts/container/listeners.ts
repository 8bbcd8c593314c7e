/** Where the outside meets a running container. */
import type { ProcessData } from "../../snapshot/model.ts";
import { addressScope } from "../addresses.ts";
import type { Container } from "../model/container.ts";
import type { Part } from "../part.ts";
import { textAt } from "../raw.ts";
import { processPlace } from "./context.ts";

type Listener = Container["listeners"][number];

interface Known {
  readonly hostNetwork: boolean;
  readonly ports: Container["ports"];
  /** Why ports are not known; null when they are. */
  readonly unknown: string | null;
}

/** What could not be seen stands beyond the known elements of the list. */
export function deriveListeners(inspect: unknown, process: ProcessData | null, { hostNetwork, ports, unknown }: Known): Part<Pick<Container, "listeners">> {
  const status = textAt(inspect, "State", "Status");
  if (status !== "running" && status !== "paused") return { value: { listeners: [] } };
  if (!hostNetwork) {
    const published = ports.filter(({ hostPort }) => hostPort !== null).map(({ hostIp, hostPort, protocol, scope }) => describe(hostIp, `${String(hostPort)}/${protocol}`, scope === "loopback", "published"));
    return { value: { listeners: published }, ...(unknown === null ? {} : { unknown: { "/listeners/-": unknown } }) };
  }
  const held = process?.listeners ?? null;
  if (process === null || held === null) {
    return { value: { listeners: [] }, unknown: { "/listeners": "it is in the host's network namespace, and which sockets its processes hold could not be read" } };
  }
  const listeners = held.map(({ address, port }) => describe(address, `${port}/tcp`, addressScope(address) === "loopback", "host network"));
  return { value: { listeners }, origins: Object.fromEntries(listeners.map((_, index) => [`/listeners/${index}`, processPlace(process, "fd, net/tcp")])) };
}

function describe(address: string, port: string, loopback: boolean, via: string): Listener {
  return { key: `${address.includes(":") ? `[${address}]` : address}:${port}`, port, address, loopback, via };
}
