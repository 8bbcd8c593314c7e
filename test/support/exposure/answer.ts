/** What the walk says of a connection: the way there, a proxy of the engine's behind it, and the way back. */
import { type Address, type HostNetwork, flagBits, parseAddress } from "../../../src/netfilter/index.ts";
import { type HostFirewall, readFirewall } from "../../../src/facts/firewall.ts";
import type { Packet } from "../../../src/netfilter/walk/packet.ts";
import { type Walk, walkPacket } from "../../../src/netfilter/walk/walk.ts";
import { LISTENING } from "./hosts.ts";
import type { Attempt, TriedHost } from "./try.ts";

type Answer = "open" | "shut" | { readonly unknown: string };

interface Judge {
  readonly answer: (attempt: Attempt) => Answer;
}

/** Every attempt of the host whose outcome is not what the walk says, in words, undecided ones too. */
export function findWrongAnswers(tried: TriedHost): readonly string[] {
  const { answer: ask } = openJudge(tried, !tried.name.endsWith("no-proxy"));
  return tried.attempts.flatMap((attempt) => {
    // A container of an internal network has no route: nothing came to the host that could be judged.
    if (attempt.outcome === "ENETUNREACH" && attempt.in !== null && attempt.from !== "outside") return [];
    const said = ask(attempt);
    const right = typeof said === "string" && (said === "open") === (attempt.outcome === "open");
    return right ? [] : [`${describeAttempt(attempt)}, said: ${typeof said === "string" ? said : `unknown (${said.unknown})`}`];
  });
}

/** `proxied`: whether the engine's proxy listens on published ports. */
function openJudge(tried: TriedHost, proxied: boolean): Judge {
  const firewall = readFirewall(tried.snapshot);
  if (typeof firewall === "string" || firewall.network === null) throw new Error(`${tried.name}: ${typeof firewall === "string" ? firewall : "no network"}`);
  const host = { ...firewall, network: firewall.network, containers: new Set(Object.values(tried.containers).flat()), proxies: proxied ? listProxies(tried) : [] };
  return { answer: (attempt) => answer(host, attempt) };
}

interface Host extends HostFirewall {
  readonly network: HostNetwork;
  readonly containers: ReadonlySet<string>;
  readonly proxies: readonly Proxy[];
}

/** A port on which docker-proxy listens, and where it connects to. */
interface Proxy {
  readonly address: string;
  readonly port: number;
  readonly to: { readonly address: string; readonly port: number };
}

function answer(host: Host, { in: iface, source, address, port }: Attempt): Answer {
  const to = toAddress(address);
  const from = iface === null ? ownSource(host.network, to) : toAddress(source);
  return connect(host, iface, from, to, port);
}

function connect(host: Host, iface: string | null, from: Address, to: Address, port: number): Answer {
  const there = walk(host, packetOf(iface, from, to, port, flagBits.SYN), null);
  if (there.verdict === "unknown" || there.verdict === "depends") return { unknown: there.reason ?? there.verdict };
  if (there.verdict !== "accept") return "shut";
  if (there.to === null) return { unknown: "the destination is not known" };
  const { address, port: at } = there.to;
  if (there.delivered === "forward") {
    // What no route leads to goes to the gateway, which has it not.
    const listens = there.out === "eth0" ? at === LISTENING.outside : host.containers.has(address) && LISTENING.containers.some((one) => one === at);
    return listens ? comeBack(host, there, iface) : "shut";
  }
  const proxy = host.proxies.find((one) => one.port === at && (one.address === address || (isWildcard(one.address) && one.address.includes(":") === address.includes(":"))));
  if (at !== LISTENING.host && proxy === undefined) return "shut";
  const back = comeBack(host, there, iface);
  if (back !== "open" || proxy === undefined) return back;
  const next = toAddress(proxy.to.address);
  return connect(host, null, ownSource(host.network, next), next, proxy.to.port);
}

/** The answer to the first packet. What a bridge hands on by itself has no connection, and its answer goes the same way. */
function comeBack(host: Host, there: Walk, iface: string | null): Answer {
  const { connection, to, out } = there;
  if (connection === null || to === null) return "open";
  const { source, destination, sourcePort, destinationPort } = connection.reply;
  const from = there.delivered === "forward" && out !== "lo" ? out : null;
  const packet = { ...packetOf(from, source, destination, destinationPort ?? 0, flagBits.SYN | flagBits.ACK), sourcePort };
  // Between this host and itself the answer goes by lo as well.
  if (iface === null && from === null) return "open";
  const back = walk(host, packet, { ...connection, state: "ESTABLISHED", direction: "reply" });
  if (back.verdict === "unknown" || back.verdict === "depends") return { unknown: back.reason ?? back.verdict };
  return back.verdict === "accept" ? "open" : "shut";
}

function walk({ prepared, network }: Host, packet: Packet, connection: Walk["connection"]): Walk {
  return walkPacket(prepared, packet, { network, connection, scenario: "within" });
}

function packetOf(iface: string | null, source: Address, destination: Address, port: number, tcpFlags: number): Packet {
  return { in: iface, source, destination, protocol: 6, sourcePort: 40_000, destinationPort: port, tcpFlags, icmpType: null, icmpCode: null };
}

/** What the host takes as the source of a connection of its own. */
function ownSource(network: HostNetwork, to: Address): Address {
  const route = network.routeOutput({ source: to, destination: to, mark: 0, protocol: 6, sourcePort: null, destinationPort: null });
  if (route.kind !== "out" || route.out === "lo") return to;
  return network.sourceAddress(route.out, to) ?? to;
}

/** Of every binding of every container; the proxy connects to the container's first address of that family, else of the other. */
function listProxies({ snapshot }: TriedHost): readonly Proxy[] {
  return (snapshot.sources.containers.data ?? []).flatMap(({ inspect }) => {
    const settings = (inspect as { NetworkSettings?: { Ports?: Record<string, readonly { HostIp: string; HostPort: string }[] | null>; Networks?: Record<string, { IPAddress: string; GlobalIPv6Address: string }> } } | null)?.NetworkSettings;
    const [network] = Object.values(settings?.Networks ?? {});
    if (network === undefined) return [];
    return Object.entries(settings?.Ports ?? {}).flatMap(([key, bindings]) => (bindings ?? []).map(({ HostIp, HostPort }) => {
      const address = HostIp.includes(":") && network.GlobalIPv6Address !== "" ? network.GlobalIPv6Address : network.IPAddress;
      return { address: HostIp === "" ? "0.0.0.0" : HostIp, port: Number(HostPort), to: { address, port: Number(key.split("/")[0]) } };
    }));
  });
}

function isWildcard(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

function toAddress(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new Error(`no address: ${text}`);
  return address;
}

function describeAttempt({ from, address, port, outcome }: Attempt): string {
  return `${from} → ${address.includes(":") ? `[${address}]` : address}:${String(port)}: ${outcome}`;
}

