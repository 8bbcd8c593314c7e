/** Ways of packets as the netfilter engine tells them for the host of a snapshot. */
import { type Address, flagBits, type HostNetwork, ownerOfChain, parseAddress, type Prepared, type Walk, walkPacket } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { readFirewall } from "../firewall.ts";
import { listAt, textAt } from "../raw.ts";
import { listHostInterfaces } from "../sysctl/host-interfaces.ts";
import type { Fate, Ways } from "./ways.ts";

/** A text is the reason why nothing can be told. */
export function buildWays(snapshot: Snapshot): Ways | string {
  const firewall = readFirewall(snapshot);
  if (typeof firewall === "string") return `the rules were not read: ${firewall}`;
  const { prepared, network } = firewall;
  if (network === null) return "links, addresses and routes of the host were not read";
  const outside = listOutsides(snapshot);
  return {
    visitedAddress: (family) => outside.find((one) => one.family === family)?.own ?? null,
    fromOutside(to, port, protocol) {
      const family = to.includes(":") ? 6 : 4;
      const way = outside.find((one) => one.own === to) ?? outside.find((one) => one.family === family);
      return way === undefined ? null : send(prepared, network, { source: way.visitor, to, port, protocol, in: way.name });
    },
    fromContainer: (packet) => send(prepared, network, packet),
  };
}

interface Outside {
  readonly name: string;
  readonly family: 4 | 6;
  /** This host's address there. */
  readonly own: string;
  /** A neighbour's, or that of the router: an address that routing takes for real there. */
  readonly visitor: string;
}

/** Interfaces that lead outside, those with a default route first. */
function listOutsides(snapshot: Snapshot): Outside[] {
  const interfaces = listHostInterfaces(snapshot);
  const data = snapshot.sources.addresses.data;
  if (typeof interfaces === "string" || data === null) return [];
  const withRoute = new Set([...data.routes4, ...data.routes6].filter((route) => textAt(route, "dst") === "default").map((route) => textAt(route, "dev")));
  const found = interfaces.filter(({ external }) => external).flatMap(({ name }) => {
    const entry = data.addresses.find((one) => textAt(one, "ifname") === name);
    return listAt(entry, "addr_info").flatMap((info): Outside[] => {
      const own = textAt(info, "local");
      const address = own === null ? null : parseAddress(own);
      if (own === null || address === null || textAt(info, "scope") !== "global") return [];
      return [{ name, family: address.family, own, visitor: neighbourOf(own) }];
    });
  });
  return [...found.filter(({ name }) => withRoute.has(name)), ...found.filter(({ name }) => !withRoute.has(name))];
}

/** The address beside it, in the same network whatever its length. */
function neighbourOf(address: string): string {
  const [, head = "", last = "", hexadecimal] = address.includes(":") ? [...(/^(.*:)([\da-f]*)$/.exec(address) ?? []), "x"] : (/^(.*\.)(\d+)$/.exec(address) ?? []);
  const number = parseInt(last || "0", hexadecimal === undefined ? 10 : 16);
  return `${head}${(number > 1 ? number - 1 : number + 1).toString(hexadecimal === undefined ? 10 : 16)}`;
}

interface Question {
  readonly source: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  readonly in: string;
}

/** From a port that programs use for their own connections. */
const CLIENT_PORT = 40_000;

function send(prepared: Prepared, network: HostNetwork, { source, to, port, protocol, in: name }: Question): Fate {
  const [from, destination] = [toAddress(source), toAddress(to)];
  const walk = walkPacket(prepared, {
    in: name, source: from, destination, protocol: protocol === "tcp" ? 6 : 17, sourcePort: CLIENT_PORT, destinationPort: port,
    tcpFlags: protocol === "tcp" ? flagBits.SYN : null, icmpType: null, icmpCode: null,
  }, { network, connection: null, scenario: null });
  const { verdict, to: target, delivered } = walk;
  return { verdict, to: target, delivered, ...describeReason(walk) };
}

function toAddress(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new Error(`${text} is no address`);
  return address;
}

const TOOLS: Readonly<Record<string, string>> = { "legacy ip": "iptables-legacy", "legacy ip6": "ip6tables-legacy", "nft ip": "iptables", "nft ip6": "ip6tables" };

/** The rule of the last hop, or the reason in the walk's own words. What Docker wrote is its own to mend. */
function describeReason({ verdict, reason, hops, questions }: Walk): Pick<Fate, "because" | "remedy"> {
  if (verdict === "accept") return { because: null, remedy: null };
  const asked = questions.find(({ rule }) => rule !== null)?.rule?.source;
  const last = hops.at(-1)?.source;
  const source = verdict === "unknown" || verdict === "depends" ? asked : last;
  if (source == null) return { because: reason, remedy: null };
  const place = source.line === null ? `${source.origin} handle ${String(source.handle ?? "?")}` : `${source.origin} line ${String(source.line)}`;
  const tool = TOOLS[`${source.backend} ${source.family}`];
  const own = ownerOfChain(source.chain) === "docker" && source.chain !== "DOCKER-USER";
  const remedy = verdict === "unknown" || tool === undefined || own ? null : `${tool} -t ${source.table} ${source.text.replace(/^-[AI]/, "-D")}`;
  return { because: `${place}: ${source.text}`, remedy };
}
