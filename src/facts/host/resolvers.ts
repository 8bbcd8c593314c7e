/** Who answers names for the host and its containers, and which of a container's files can change that. */
import type { ContainerAnswer, Snapshot, TextFile } from "../../snapshot/model.ts";
import { addressScope } from "../addresses.ts";
import { listContainerIds } from "../container-id.ts";
import type { Host } from "../model/host.ts";
import type { Part } from "../part.ts";
import { booleanAt, listAt, textAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import { listNameServers } from "./resolv-conf.ts";

type Resolver = Host["resolvers"][number];

/** An element with where it stands, or why it is not known. */
interface Found<T> {
  readonly element: T;
  readonly place: Place;
  readonly unknown?: string;
}

/** The host's name servers first, then of each container those that the host does not have: what is taken over is one finding, not many. */
export function deriveResolvers(snapshot: Snapshot): Part<Pick<Host, "resolvers">> {
  const { status, detail, data } = snapshot.sources.resolvers;
  if (data === null) return { value: { resolvers: [] }, unknown: { "/resolvers": detail ?? status } };
  const ids = listContainerIds(snapshot);
  const ofHost = data.host.flatMap((file) => readResolvers("host", file));
  const hostAddresses = new Set(ofHost.map(({ element }) => element.address));
  const ofContainers = data.containers
    .flatMap(({ containerId, resolvConf }) => readResolvers(ids.get(containerId) ?? containerId.slice(0, 12), resolvConf))
    .filter(({ element, unknown }) => unknown !== undefined || !hostAddresses.has(element.address));
  return join([...ofHost, ...ofContainers.sort(byKey)], "resolvers");
}

/** Mounts of the user's over /etc/resolv.conf and /etc/hosts. Without an engine there are none; those of an engine elsewhere are not this host's. */
export function deriveWritableFiles(snapshot: Snapshot): Part<Pick<Host, "writableResolverFiles">> {
  const { engine, containers: { status, detail, data } } = snapshot.sources;
  if (engine.data?.local === false) {
    return { value: { writableResolverFiles: [] }, unknown: { "/writableResolverFiles": `the engine is not on this host: ${engine.data.localReason}` } };
  }
  if (data === null) {
    return { value: { writableResolverFiles: [] }, unknown: status === "absent" ? {} : { "/writableResolverFiles": detail ?? status } };
  }
  const ids = listContainerIds(snapshot);
  return join(data.flatMap((container) => listWritableFiles(container, ids.get(container.id) ?? container.name)).sort(byKey), "writableResolverFiles");
}

/** A file that does not exist names no server; the resolver then asks this machine (resolv.conf(5)). */
function readResolvers(of: string, file: TextFile): Found<Resolver>[] {
  if (file.error === "ENOENT") return [];
  if (file.text === null) {
    const unknown = `${file.path} cannot be read: ${file.error ?? ""}`;
    return [{ element: { key: `${of} ${file.path}`, of, address: "", scope: "" }, place: { source: "resolvers", key: of }, unknown }];
  }
  return listNameServers(file).map(({ address, place }) => ({ element: { key: `${of} ${address}`, of, address, scope: addressScope(address) }, place }));
}

function listWritableFiles({ name, inspect, error }: ContainerAnswer, container: string): Found<Host["writableResolverFiles"][number]>[] {
  if (inspect === null) {
    const element = { key: container, container, target: "", source: "" };
    return [{ element, place: { source: "containers", key: name }, unknown: error ?? "there is no inspect answer" }];
  }
  const own = [textAt(inspect, "ResolvConfPath"), textAt(inspect, "HostsPath")];
  return listAt(inspect, "Mounts").flatMap((mount) => {
    const target = textAt(mount, "Destination") ?? "";
    const source = textAt(mount, "Source") ?? "";
    if (!["/etc/resolv.conf", "/etc/hosts"].includes(target) || booleanAt(mount, "RW") !== true || own.includes(source)) return [];
    return [{ element: { key: `${container} ${target}`, container, target, source }, place: { source: "containers", key: `${name} Mounts ${target}` } }];
  });
}

/** The list under its name, with the places and unknowns of its elements; an element that comes twice is one. */
function join<K extends string, T extends { key: string }>(found: readonly Found<T>[], name: K): Part<Record<K, T[]>> {
  const unique = [...new Map(found.map((one) => [one.element.key, one])).values()];
  const entries = <V>(valueOf: (one: Found<T>) => V): [string, V][] => unique.map((one, index) => [`/${name}/${index}`, valueOf(one)]);
  return {
    value: { [name]: unique.map(({ element }) => element) } as Record<K, T[]>,
    origins: Object.fromEntries(entries(({ place }) => place)),
    unknown: Object.fromEntries(entries(({ unknown }) => unknown).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}

function byKey(a: Found<{ key: string }>, b: Found<{ key: string }>): number {
  return a.element.key < b.element.key ? -1 : 1;
}
