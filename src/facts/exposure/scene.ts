/** The stage on which questions about reachability are asked: the rules and routes of the engine's namespace, its ways outside, its bridges. */
import { type HostNetwork, type Intervals, otherMachines, parseAddress, type Prepared } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { deriveContainers } from "../container.ts";
import { type HostFirewall, readFirewall } from "../firewall.ts";
import { deriveNetworks } from "../network.ts";
import { listAt, numberAt, textAt } from "../raw.ts";
import { listHostInterfaces } from "../sysctl/host-interfaces.ts";
import { type Tell, TELL_NOBODY } from "../tell.ts";

export interface Scene {
  readonly prepared: Prepared;
  readonly network: HostNetwork;
  readonly isAdministrators: HostFirewall["isAdministrators"];
  /** By interface and family, those with a default route first. */
  readonly outsides: readonly Outside[];
  readonly bridges: readonly BridgeScene[];
  /** The addresses of other machines: not this host's own, and not the networks of its bridges. */
  readonly machines: Readonly<Record<4 | 6, Intervals<bigint>>>;
}

/** An interface that leads to other machines. */
export interface Outside {
  readonly name: string;
  readonly family: 4 | 6;
  /** This host's address there. */
  readonly own: string;
  /** The address beside it: one that routing takes for real there. */
  readonly visitor: string;
}

/** A bridge of the engine's with the containers that run on it. */
export interface BridgeScene {
  /** The network's name. */
  readonly name: string;
  readonly bridge: string;
  readonly internal: boolean;
  /** The host's own addresses on it. */
  readonly gateways: readonly string[];
  readonly members: readonly { readonly container: string; readonly address4: string | null; readonly address6: string | null }[];
}

const scenes = new WeakMap<Snapshot, Scene | string>();

/** Set once for a snapshot; a text is the reason why nothing can be asked. */
export function setScene(snapshot: Snapshot, tell: Tell = TELL_NOBODY): Scene | string {
  const known = scenes.get(snapshot) ?? buildScene(snapshot, tell);
  scenes.set(snapshot, known);
  return known;
}

function buildScene(snapshot: Snapshot, tell: Tell): Scene | string {
  tell("rules", 0, 1);
  const firewall = readFirewall(snapshot);
  if (typeof firewall === "string") return `the rules were not read: ${firewall}`;
  const { prepared, network, isAdministrators } = firewall;
  if (network === null) return "links, addresses and routes of the host were not read";
  const { networks } = snapshot.sources;
  if (networks.status !== "ok") return `the engine's networks were not read: ${networks.detail ?? networks.status}`;
  const bridges = listBridges(snapshot);
  const own = listOwnNetworks(snapshot, new Set(bridges.map(({ bridge }) => bridge)));
  return { prepared, network, isAdministrators, outsides: listOutsides(snapshot), bridges, machines: { 4: otherMachines(4, own), 6: otherMachines(6, own) } };
}

function listOutsides(snapshot: Snapshot): Outside[] {
  const interfaces = listHostInterfaces(snapshot);
  const data = snapshot.sources.addresses.data;
  if (typeof interfaces === "string" || data === null) return [];
  const withRoute = new Set([...data.routes4, ...data.routes6].filter((route) => textAt(route, "dst") === "default").map((route) => textAt(route, "dev")));
  const found = interfaces.filter(({ external }) => external).flatMap(({ name }) => listAddresses(snapshot, name).flatMap((own): Outside[] => {
    const address = parseAddress(own);
    return address === null ? [] : [{ name, family: address.family, own, visitor: neighbourOf(own) }];
  }));
  return [...found.filter(({ name }) => withRoute.has(name)), ...found.filter(({ name }) => !withRoute.has(name))];
}

/** Of global scope. */
function listAddresses({ sources: { addresses } }: Snapshot, interfaceName: string): string[] {
  const entry = addresses.data?.addresses.find((one) => textAt(one, "ifname") === interfaceName);
  return listAt(entry, "addr_info").flatMap((info) => (textAt(info, "scope") === "global" ? (textAt(info, "local") ?? []) : []));
}

function listOwnNetworks({ sources: { addresses } }: Snapshot, bridges: ReadonlySet<string>): string[] {
  return (addresses.data?.addresses ?? []).flatMap((entry) => listAt(entry, "addr_info").flatMap((info) => {
    const local = textAt(info, "local");
    if (local === null) return [];
    return bridges.has(textAt(entry, "ifname") ?? "") ? [`${local}/${String(numberAt(info, "prefixlen") ?? (local.includes(":") ? 128 : 32))}`] : [local];
  }));
}

/** In the same network, whatever its length. */
function neighbourOf(address: string): string {
  const [, head = "", last = ""] = /^(.*[.:])([\da-f]*)$/.exec(address) ?? [];
  const radix = address.includes(":") ? 16 : 10;
  const number = parseInt(last || "0", radix);
  return `${head}${(number > 1 ? number - 1 : number + 1).toString(radix)}`;
}

function listBridges(snapshot: Snapshot): BridgeScene[] {
  const running = deriveContainers(snapshot).resources.filter((container) => container.running);
  return deriveNetworks(snapshot).resources.flatMap(({ name, bridge, internal }): BridgeScene[] => {
    if (bridge === null) return [];
    const members = running.flatMap(({ id, networks }) => networks.filter((network) => network.name === name).map(({ address4, address6 }) => ({ container: id, address4, address6 })));
    return [{ name, bridge, internal, gateways: listAddresses(snapshot, bridge), members }];
  });
}
