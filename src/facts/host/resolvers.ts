/** Who answers names for the host and its containers. */
import type { Snapshot, TextFile } from "../../snapshot/model.ts";
import { addressScope } from "../addresses.ts";
import { listContainerIds } from "../container-id.ts";
import { readConfiguration } from "../daemon/configuration.ts";
import { resolveSetting } from "../daemon/resolve.ts";
import { listSetting } from "../daemon/setting.ts";
import type { Host } from "../model/host.ts";
import type { Part } from "../part.ts";
import { textsAt } from "../raw.ts";
import { byKey, joinElements, type Found } from "./elements.ts";
import { listNameServers, type NameServer } from "./resolv-conf.ts";

type FoundResolver = Found<Host["resolvers"][number]>;

/** The host's name servers first, then of each container those that the host does not have: what is taken over is one finding, not many. */
export function deriveResolvers(snapshot: Snapshot): Part<Pick<Host, "resolvers">> {
  const { status, detail, data } = snapshot.sources.resolvers;
  if (data === null) return { value: { resolvers: [] }, unknown: { "/resolvers": detail ?? status } };
  const ids = listContainerIds(snapshot);
  const findUpstream = upstreamFinder(snapshot);
  const ofHost = data.host.flatMap((file) => readResolvers("host", file, () => []));
  const hostAddresses = new Set(ofHost.map(({ element }) => element.address));
  const ofContainers = data.containers.flatMap(({ containerId, resolvConf }) =>
    readResolvers(ids.get(containerId) ?? containerId.slice(0, 12), resolvConf, () => findUpstream(containerId)));
  const own = ofContainers.filter(({ element, unknown }) => unknown !== undefined || !hostAddresses.has(element.address));
  return joinElements([...ofHost, ...own.sort(byKey)], "resolvers");
}

/** A file that does not exist names no server; the resolver then asks this machine (resolv.conf(5)). */
function readResolvers(of: string, file: TextFile, findUpstream: () => readonly NameServer[] | string): FoundResolver[] {
  if (file.error === "ENOENT") return [];
  if (file.text === null) return [unknownResolver(of, file.path, `${file.path} cannot be read: ${file.error ?? ""}`)];
  const { servers, hidesUpstream } = listNameServers(file);
  const upstream = hidesUpstream ? findUpstream() : [];
  if (typeof upstream === "string") return [...servers.map((server) => toResolver(of, server)), unknownResolver(of, "dns", upstream)];
  return [...servers, ...upstream].map((server) => toResolver(of, server));
}

function toResolver(of: string, { address, place }: NameServer): FoundResolver {
  return { element: { key: `${of} ${address}`, of, address, scope: addressScope(address) }, place };
}

function unknownResolver(of: string, what: string, unknown: string): FoundResolver {
  return { element: { key: `${of} ${what}`, of, address: "", scope: "" }, place: { source: "resolvers", key: of }, unknown };
}

const DNS = listSetting("dns", "dns");

/**
 * Whom the engine's resolver asks for a container whose file does not say: the container's own `dns`, else the daemon's, else the
 * host's, which stand there already. A text is the reason why that is not known.
 */
export function upstreamFinder(snapshot: Snapshot): (containerId: string) => NameServer[] | string {
  const containers = new Map((snapshot.sources.containers.data ?? []).map((container) => [container.id, container]));
  const daemon = resolveSetting(DNS, null, readConfiguration(snapshot));
  return (containerId) => {
    const container = containers.get(containerId);
    const own = textsAt(container?.inspect, "HostConfig", "Dns");
    if (own.length > 0) return own.map((address) => ({ address, place: { source: "containers", key: `${container?.name ?? ""} HostConfig.Dns` } }));
    return daemon.unknown ?? daemon.value.map((address) => ({ address, place: daemon.origin }));
  };
}
