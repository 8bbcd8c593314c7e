/** What a packet met, as data and in words. */
import type { Act } from "../firewall/acts.ts";
import type { Hook, RuleSource, TableFamily } from "../firewall/model.ts";
import { formatAddress } from "../addresses.ts";
import { flagBits } from "../firewall/tests.ts";
import type { Undecided } from "./evaluate.ts";
import type { Packet } from "./packet.ts";

export interface Hop {
  readonly hook: Hook | "arrival" | "routing" | "bridge";
  /** Null where no table has a say: routing and bridging. */
  readonly family: TableFamily | null;
  readonly table: string | null;
  readonly chain: string | null;
  /** Place in its chain, from 1; null for policies and routing. */
  readonly rule: number | null;
  readonly source: RuleSource | null;
  /** `accept`, `jump DOCKER`, `policy drop`, `dnat to 172.17.0.2:80`, `out by docker0`. */
  readonly action: string;
  /** The rule as written, or the reason in words. */
  readonly why: string;
  /** A question that nothing decides, and what follows holds if the answer is no; null for all else. */
  readonly open: Undecided | null;
}

/** What an act does, in a word or two. */
export function describeAct(act: Act): string {
  switch (act.kind) {
    case "jump":
    case "goto":
      return `${act.kind} ${act.chain}`;
    case "reject":
      return `reject with ${act.with}`;
    case "nat":
      return act.type;
    case "mark":
      return act.of === "packet" ? "set mark" : "set mark of the connection";
    case "log":
      return act.prefix === "" ? "log" : `log "${act.prefix}"`;
    case "map":
      return "map";
    case "continue":
      return "go on";
    case "opaque":
      return "unknown";
    case "accept":
    case "drop":
    case "return":
    case "queue":
    case "notrack":
    case "synproxy":
      return act.kind;
  }
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`, or the address alone. */
export function formatEndpoint(family: 4 | 6, address: bigint | "unknown", port: number | "unknown" | null): string {
  const text = address === "unknown" ? "an address that is not known" : formatAddress({ family, value: address });
  if (port === null) return text;
  return `${family === 6 && address !== "unknown" ? `[${text}]` : text}:${port === "unknown" ? "?" : port}`;
}

/** `tcp SYN from 198.51.100.9:40000 to 192.0.2.1:22 by eth0`. */
export function describePacket({ in: name, source, destination, protocol, sourcePort, destinationPort, tcpFlags, icmpType }: Packet): string {
  const flags = Object.entries(flagBits).flatMap(([flag, bit]) => ((tcpFlags ?? 0) & bit ? [flag] : []));
  const kind = icmpType === null ? (tcpFlags === null ? "" : ` ${flags.length === 0 ? "without flags" : flags.join(",")}`) : ` type ${icmpType}`;
  const ends = `from ${formatEndpoint(source.family, source.value, sourcePort)} to ${formatEndpoint(destination.family, destination.value, destinationPort)}`;
  return `${protocolNames.get(protocol) ?? `protocol ${protocol}`}${kind} ${ends} ${name === null ? "from this host" : `by ${name}`}`;
}

const protocolNames: ReadonlyMap<number, string> = new Map([[1, "icmp"], [6, "tcp"], [17, "udp"], [58, "icmpv6"], [132, "sctp"]]);
