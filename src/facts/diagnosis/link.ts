/** The cable: the container's interface, its other end on the host, and the bridge that this is plugged into. */
import { at, listAt, numberAt, textAt } from "../raw.ts";
import { fault, ok, unknown, type DiagnosisSubject, type Finding } from "./model.ts";

export interface Cable {
  /** Names of the two ends. */
  readonly inside: string;
  readonly outside: string | null;
  readonly bridge: string | null;
  readonly address4: string | null;
  readonly address6: string | null;
}

/** The container's interfaces but loopback, with the host's end of each. Empty where nothing was read. */
export function listCables({ snapshot, inside }: Pick<DiagnosisSubject, "snapshot" | "inside">): Cable[] {
  const hostLinks = snapshot.sources.addresses.data?.links ?? [];
  return (inside.data?.network.links ?? []).flatMap((link) => {
    const name = textAt(link, "ifname");
    if (name === null || listAt(link, "flags").includes("LOOPBACK")) return [];
    // Each end names the other's index.
    const peer = hostLinks.find((other) => numberAt(other, "link_index") === numberAt(link, "ifindex") && numberAt(other, "ifindex") === numberAt(link, "link_index"));
    const addresses = inside.data?.network.addresses.find((entry) => textAt(entry, "ifname") === name);
    return [{
      inside: name, outside: textAt(peer, "ifname"), bridge: textAt(peer, "master"),
      address4: addressOf(addresses, "inet"), address6: addressOf(addresses, "inet6"),
    }];
  });
}

function addressOf(entry: unknown, family: string): string | null {
  const found = listAt(entry, "addr_info").find((info) => textAt(info, "family") === family && textAt(info, "scope") === "global");
  return textAt(found, "local");
}

export function judgeLink(subject: DiagnosisSubject): Finding[] {
  const { inside, container } = subject;
  if (inside.data === null) return [unknown("link", `the container's network namespace was not read: ${inside.detail ?? inside.status}`)];
  const mode = textAt(subject.owner.inspect, "HostConfig", "NetworkMode") ?? "";
  if (mode === "host") return [ok("link", "the container uses the host's own interfaces")];
  const cables = listCables(subject);
  if (cables.length === 0) {
    if (mode === "none") return [fault("link", "the container was given no network (--network none)", `docker network connect NETWORK ${container.name}`)];
    return [fault("link", "the container has no interface but loopback", `docker network connect NETWORK ${container.name}`)];
  }
  return cables.map((cable) => judgeCable(subject, cable));
}

function judgeCable({ snapshot, inside, container }: DiagnosisSubject, { inside: name, outside, bridge }: Cable): Finding {
  const link = inside.data?.network.links.find((one) => textAt(one, "ifname") === name);
  const hostLinks = snapshot.sources.addresses.data?.links ?? [];
  if (!isUp(link)) return fault("link", `${name} in the container is down`, `nsenter --net=$(docker inspect -f '{{.NetworkSettings.SandboxKey}}' ${container.name}) ip link set ${name} up`);
  if (textAt(link, "linkinfo", "info_kind") !== "veth") return ok("link", `${name} is up, and no cable to a bridge (${textAt(link, "linkinfo", "info_kind") ?? "hardware"})`);
  if (outside === null) {
    if (hostLinks.length === 0) return unknown("link", "the host's interfaces were not read");
    return fault("link", `the other end of ${name} is not on the host`, `docker restart ${container.name}`);
  }
  const peer = hostLinks.find((one) => textAt(one, "ifname") === outside);
  if (!isUp(peer)) return fault("link", `${outside}, the host's end of ${name}, is down`, `ip link set ${outside} up`);
  if (bridge === null) return fault("link", `${outside}, the host's end of ${name}, is plugged into no bridge`, `docker restart ${container.name}`);
  const bridgeLink = hostLinks.find((one) => textAt(one, "ifname") === bridge);
  if (!isUp(bridgeLink)) return fault("link", `the bridge ${bridge} is down`, `ip link set ${bridge} up`);
  const state = textAt(at(peer, "linkinfo"), "info_slave_data", "state");
  if (state !== null && state !== "forwarding") return fault("link", `the bridge ${bridge} holds ${outside} in state ${state}`, `bridge link show dev ${outside}`);
  return ok("link", `${name} is up, ${outside} on the host is up and in the bridge ${bridge}`);
}

function isUp(link: unknown): boolean {
  return listAt(link, "flags").includes("UP");
}
