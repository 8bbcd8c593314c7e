/** Addresses and routes: the container's own, its gateway, and whether the host forwards. */
import { parseKernelNumber } from "../sysctl/kernel-number.ts";
import { entriesAt, listAt, textAt, booleanAt } from "../raw.ts";
import { listCables, type Cable } from "./link.ts";
import { fault, ok, unknown, type DiagnosisSubject, type Finding } from "./model.ts";

/** The engine notes the address that it gave; the interface must have it. */
export function judgeAddresses(subject: DiagnosisSubject): Finding[] {
  const { inside, owner, container } = subject;
  if (inside.data === null || isOnHost(subject)) return [];
  const cables = listCables(subject);
  if (cables.length === 0) return [];
  const given = entriesAt(owner.inspect, "NetworkSettings", "Networks").flatMap(([network, settings]) => {
    return [textAt(settings, "IPAddress"), textAt(settings, "GlobalIPv6Address")].flatMap((address) => (address === null || address === "" ? [] : [{ network, address }]));
  });
  const held = inside.data.network.addresses.flatMap((entry) => listAt(entry, "addr_info").flatMap((info) => textAt(info, "local") ?? []));
  const missing = given.find(({ address }) => !held.includes(address));
  if (missing !== undefined) return [fault("address", `no interface in the container has ${missing.address}, which the engine gave it in network ${missing.network}`, `docker restart ${container.name}`)];
  const own = cables.flatMap(describeAddress);
  return own.length === 0 ? [fault("address", "the container's interface has no address", `docker restart ${container.name}`)] : [ok("address", own.join(", "))];
}

function describeAddress({ inside, address4, address6 }: Cable): string[] {
  const all = [address4, address6].filter((address) => address !== null);
  return all.length === 0 ? [] : [`${inside} has ${all.join(" and ")}`];
}

export function judgeRoutes(subject: DiagnosisSubject): Finding[] {
  if (subject.inside.data === null || isOnHost(subject) || listCables(subject).length === 0) return [];
  const findings = [judgeDefaultRoute(subject), judgeForwarding(subject)].filter((finding) => finding !== null);
  return findings;
}

function judgeDefaultRoute({ snapshot, inside, owner, container }: DiagnosisSubject): Finding | null {
  const gateway = textAt(inside.data?.network.routes4.find((route) => textAt(route, "dst") === "default"), "gateway");
  const networks = listNetworks(owner.inspect);
  if (gateway === null) {
    if (isInternal({ snapshot, owner })) return ok("route", "there is no default route, as its networks are internal: nothing outside is meant to be reached");
    return fault("route", "the container has no default route, so that no answer finds its way out", `docker restart ${container.name}`);
  }
  const addresses = snapshot.sources.addresses.data?.addresses;
  if (addresses === undefined) return unknown("route", "the host's addresses were not read");
  const holder = addresses.find((entry) => listAt(entry, "addr_info").some((info) => textAt(info, "local") === gateway));
  if (holder === undefined) return fault("route", `the container's gateway ${gateway} is an address of no interface of the host`, `docker network inspect ${networks[0] ?? "NETWORK"}`);
  return ok("route", `the default route leads to ${gateway}, which ${textAt(holder, "ifname") ?? "the host"} has`);
}

function judgeForwarding({ snapshot }: DiagnosisSubject): Finding | null {
  const value = snapshot.sources.sysctl.data?.host["net.ipv4.ip_forward"] ?? null;
  if (value === null) return unknown("route", "net.ipv4.ip_forward was not read");
  return parseKernelNumber(value) === 0 ? fault("route", "the host does not forward packets: net.ipv4.ip_forward is 0", "sysctl -w net.ipv4.ip_forward=1") : ok("route", "the host forwards packets");
}

/** Whether all its networks are internal: nothing outside is meant to be reached. */
export function isInternal({ snapshot, owner }: Pick<DiagnosisSubject, "snapshot" | "owner">): boolean {
  const names = listNetworks(owner.inspect);
  const internal = new Set((snapshot.sources.networks.data ?? []).filter((network) => booleanAt(network, "Internal") === true).map((network) => textAt(network, "Name")));
  return names.length > 0 && names.every((name) => internal.has(name));
}

function listNetworks(inspect: unknown): string[] {
  return entriesAt(inspect, "NetworkSettings", "Networks").map(([name]) => name);
}

/** Whether the container has the host's own network. */
export function isOnHost({ owner }: Pick<DiagnosisSubject, "owner">): boolean {
  return textAt(owner.inspect, "HostConfig", "NetworkMode") === "host";
}
