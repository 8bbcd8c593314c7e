/** A small Docker host and packets to it: short forms for the tests of the walks. */
import { parseAddress } from "../../../src/netfilter/addresses.ts";
import type { Firewall } from "../../../src/netfilter/firewall/model.ts";
import { flagBits } from "../../../src/netfilter/firewall/tests.ts";
import { lowerSave } from "../../../src/netfilter/lower/iptables/lower-save.ts";
import { joinNetwork, parseNetworkPart } from "../../../src/netfilter/network/parse/read.ts";
import { type BridgedNetwork, openNetwork } from "../../../src/netfilter/network/open.ts";
import { parseSave } from "../../../src/netfilter/parse.ts";
import type { HostNetwork } from "../../../src/netfilter/walk/network.ts";
import type { Packet } from "../../../src/netfilter/walk/packet.ts";
import { prepareFirewall } from "../../../src/netfilter/walk/prepare.ts";
import { walkPacket, type Walk, type WalkOptions } from "../../../src/netfilter/walk/walk.ts";

/** The firewall of one dump of iptables-nft-save. */
export function firewallOf(text: string, { family = 4, backend = "nft" }: { readonly family?: 4 | 6; readonly backend?: "legacy" | "nft" } = {}): Firewall {
  return lowerSave(parseSave(text, family), { backend, name: "rules", sets: () => null });
}

/** `eth0` with 192.0.2.1, `eth1` without address, the bridge docker0 with 172.17.0.1 and its port veth1, a default route by eth0. */
export function dockerNetwork(sysctls: Readonly<Record<string, string>> = {}, bridged: readonly BridgedNetwork[] = []): HostNetwork {
  const links = [
    { ifname: "lo", flags: ["LOOPBACK", "UP"] },
    { ifname: "eth0", flags: ["UP"] },
    { ifname: "eth1", flags: ["UP"] },
    { ifname: "docker0", flags: ["UP"], linkinfo: { info_kind: "bridge" } },
    { ifname: "veth1", flags: ["UP"], master: "docker0", linkinfo: { info_kind: "veth" } },
  ];
  const own = (ifname: string, local: string, prefixlen: number): unknown => ({ ifname, flags: ["UP"], addr_info: [{ family: "inet", local, prefixlen }] });
  const addresses = [own("lo", "127.0.0.1", 8), own("eth0", "192.0.2.1", 24), own("docker0", "172.17.0.1", 16)];
  const routes = [
    { dst: "default", gateway: "192.0.2.254", dev: "eth0", flags: [] },
    { dst: "192.0.2.0/24", dev: "eth0", flags: [] },
    { dst: "172.17.0.0/16", dev: "docker0", flags: [] },
    ...["127.0.0.1", "192.0.2.1", "172.17.0.1", "127.0.0.0/8"].map((dst, index) => ({ type: "local", dst, dev: ["lo", "eth0", "docker0", "lo"][index], table: "local", flags: [] })),
    { type: "broadcast", dst: "192.0.2.255", dev: "eth0", table: "local", flags: [] },
  ];
  const parts = [links, addresses, routes].map((part) => parseNetworkPart(JSON.stringify(part)));
  return openNetwork(joinNetwork(parts, Object.keys(sysctls).length === 0 ? null : sysctls), bridged);
}

/** `eth0 198.51.100.9:40000 > 192.0.2.1:8080 SYN`; `-` for in is this host itself; without flags a UDP packet. */
export function packetOf(text: string): Packet {
  const [, iface = "", source = "", sourcePort = "", destination = "", destinationPort = "", flags] = /^(\S+) (\S+):(\d+) > (\S+):(\d+)(?: (\S+))?$/.exec(text) ?? [];
  const [from, to] = [source, destination].map(parseAddress);
  if (from == null || to == null) throw new Error(text);
  const tcpFlags = flags === undefined ? null : flags === "NULL" ? 0 : flags.split(",").reduce((bits, flag) => bits | flagBits[flag as keyof typeof flagBits], 0);
  return {
    in: iface === "-" ? null : iface,
    source: from,
    destination: to,
    protocol: tcpFlags === null ? 17 : 6,
    sourcePort: Number(sourcePort),
    destinationPort: Number(destinationPort),
    tcpFlags,
    icmpType: null,
    icmpCode: null,
  };
}

/** What becomes of the packet, by default a first one on the Docker host. */
export function walkIn(firewall: Firewall, packet: string, options: Partial<WalkOptions> = {}): Walk {
  return walkPacket(prepareFirewall(firewall), packetOf(packet), { network: dockerNetwork(), connection: null, scenario: null, ...options });
}

/** `accept forward 172.17.0.2:80 docker0`, `drop`. */
export function fateOf({ verdict, delivered, to, out }: Walk): string {
  if (verdict !== "accept") return verdict;
  return [verdict, delivered ?? "?", to === null ? "?" : `${to.address}:${to.port ?? ""}`, out ?? ""].join(" ").trim();
}

/** Each hop in a line: `filter FORWARD 1 accept`. */
export function hopsOf({ hops }: Walk): readonly string[] {
  return hops.map(({ hook, table, chain, rule, action }) => (table === null ? `${hook}: ${action}` : [table, chain, rule, action].filter((part) => part !== null).join(" ")));
}
