/**
 * The lab: a firewall host with two bridges like Docker's, containers on them, a host outside and a neighbour on a link of its own. Addresses are
 * documentation's and Docker's; everything not listed is routed to the outside.
 */
import { holdNamespace } from "../../support/hold-namespace.ts";
import { runIn } from "../../support/namespaces.ts";

export type Place = "outside" | "neighbour" | "a1" | "a2" | "b1";

export interface Spot {
  /** Interface of the firewall host by which its packets come, as IP sees it. */
  readonly iface: string;
  /** The port of the bridge, for containers. */
  readonly port: string | null;
  readonly address4: string;
  readonly address6: string;
  readonly mac: string;
}

export const SPOTS: Readonly<Record<Place, Spot>> = {
  outside: { iface: "eth0", port: null, address4: "192.0.2.2", address6: "2001:db8::2", mac: "02:00:00:00:01:02" },
  neighbour: { iface: "eth1", port: null, address4: "198.51.100.2", address6: "2001:db8:1::2", mac: "02:00:00:00:02:02" },
  a1: { iface: "docker0", port: "vetha1", address4: "172.17.0.2", address6: "fd00:17::2", mac: "02:00:00:00:17:02" },
  a2: { iface: "docker0", port: "vetha2", address4: "172.17.0.3", address6: "fd00:17::3", mac: "02:00:00:00:17:03" },
  b1: { iface: "br-shop", port: "vethb1", address4: "172.18.0.2", address6: "fd00:18::2", mac: "02:00:00:00:18:02" },
};

/** The firewall host's own side of each of its networks. */
export const OWN: Readonly<Record<string, { readonly address4: string; readonly address6: string; readonly length4: number; readonly mac: string }>> = {
  eth0: { address4: "192.0.2.1", address6: "2001:db8::1", length4: 24, mac: "02:00:00:00:01:01" },
  eth1: { address4: "198.51.100.1", address6: "2001:db8:1::1", length4: 24, mac: "02:00:00:00:02:01" },
  docker0: { address4: "172.17.0.1", address6: "fd00:17::1", length4: 16, mac: "02:00:00:00:17:01" },
  "br-shop": { address4: "172.18.0.1", address6: "fd00:18::1", length4: 16, mac: "02:00:00:00:18:01" },
};

export interface Topology {
  /** Paths of the network namespaces. */
  readonly firewall: string;
  readonly places: Readonly<Record<Place, string>>;
  readonly remove: () => Promise<void>;
}

/** Forwarding on, no rate limit on ICMP errors, no redirects, no echo; bridged traffic does not meet the IP filters. */
const FIREWALL_SYSCTLS = [
  "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1", "net.ipv4.icmp_ratelimit=0", "net.ipv4.icmp_msgs_per_sec=100000", "net.ipv4.icmp_msgs_burst=10000",
  "net.ipv6.icmp.ratelimit=0", "net.ipv4.icmp_echo_ignore_all=1", "net.ipv6.icmp.echo_ignore_all=1", "net.ipv4.conf.all.send_redirects=0", "net.ipv4.conf.default.send_redirects=0",
  "net.bridge.bridge-nf-call-iptables=0", "net.bridge.bridge-nf-call-ip6tables=0", "net.netfilter.nf_conntrack_tcp_be_liberal=1",
];
/** No addresses that nobody asked for, which would come and go by themselves. */
const QUIET = ["net.ipv6.conf.default.addr_gen_mode=1", "net.ipv6.conf.default.accept_dad=0"];

/** Needs root. */
export async function buildTopology(): Promise<Topology> {
  const names = Object.keys(SPOTS) as Place[];
  const [firewall, ...held] = await Promise.all(["firewall", ...names].map(() => holdNamespace()));
  if (firewall === undefined) throw new Error("no namespace");
  const remove = async (): Promise<void> => {
    await Promise.all([firewall, ...held].map(({ release }) => release()));
  };
  const places = Object.fromEntries(names.map((name, index) => [name, held[index]?.netns ?? ""])) as Record<Place, string>;
  try {
    await runIn(firewall.netns, ["sysctl", "-qw", ...QUIET, ...FIREWALL_SYSCTLS]);
    await Promise.all(names.map((name) => runIn(places[name], ["sysctl", "-qw", ...QUIET])));
    await runIn(firewall.netns, ["ip", "-batch", "-"], { input: firewallCommands(names, places).join("\n") });
    await Promise.all(names.map((name) => setUpPlace(places[name], name)));
  } catch (error) {
    await remove();
    throw error;
  }
  return { firewall: firewall.netns, places, remove };
}

function firewallCommands(names: readonly Place[], places: Readonly<Record<Place, string>>): readonly string[] {
  const bridges = ["docker0", "br-shop"].map((bridge) => `link add ${bridge} address ${OWN[bridge]?.mac ?? ""} type bridge mcast_snooping 0`);
  const cables = names.flatMap((name) => {
    const { iface, port, mac } = SPOTS[name];
    const end = port ?? iface;
    const add = `link add ${end} type veth peer name eth0 address ${mac} netns ${places[name]}`;
    return port === null ? [add, `link set ${end} address ${OWN[iface]?.mac ?? ""}`] : [add, `link set ${end} master ${iface}`, `link set ${end} up`];
  });
  const own = Object.entries(OWN).flatMap(([iface, { address4, address6, length4 }]) => [
    `address add ${address4}/${String(length4)} brd + dev ${iface}`, `address add ${address6}/64 dev ${iface}`, `link set ${iface} up`,
  ]);
  // Nobody has to be asked for a hardware address, the silent ones neither.
  const neighbours = [...NEIGHBOURS].flatMap(([address, place]) => `neigh add ${address} lladdr ${SPOTS[place].mac} dev ${SPOTS[place].iface} nud permanent`);
  const routes = [`route add default via ${SPOTS.outside.address4}`, `route add default via ${SPOTS.outside.address6}`];
  return ["link set lo up", ...bridges, ...cables, ...own, ...neighbours, ...routes];
}

/** Further addresses that lead to a place, for ranges. */
export const NEIGHBOURS: ReadonlyMap<string, Place> = new Map<string, Place>([
  ...(Object.keys(SPOTS) as Place[]).flatMap((place) => [[SPOTS[place].address4, place], [SPOTS[place].address6, place]] as [string, Place][]),
  ...[5, 6, 7, 8].map((last) => [`172.17.0.${String(last)}`, "a1"] as [string, Place]),
  ["172.17.0.4", "a2"], ["fd00:17::4", "a2"], ["172.18.0.3", "b1"], ["fd00:18::3", "b1"],
]);

/** Takes every packet at its entrance and answers none, but for ARP and neighbour discovery, so that only the firewall host answers. */
async function setUpPlace(netns: string, name: Place): Promise<void> {
  const { iface, address4, address6 } = SPOTS[name];
  const own = OWN[iface];
  if (own === undefined) throw new Error(`no interface ${iface}`);
  const commands = [`address add ${address4}/${String(own.length4)} dev eth0`, `address add ${address6}/64 dev eth0`, "link set eth0 up", "link set lo up"];
  await runIn(netns, ["ip", "-batch", "-"], { input: commands.join("\n") });
  await runIn(netns, ["nft", "-f", "-"], { input: "table inet silent {\nchain everything {\ntype filter hook prerouting priority -500; policy drop;\n}\n}\n" });
}
