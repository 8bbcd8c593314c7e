/** What a diagnosis asks of the packet filter and of routing. */
import type { Protocol } from "../exposure/packets.ts";

export interface Fate {
  readonly verdict: "accept" | "drop" | "reject" | "depends" | "unknown";
  /** Where it is delivered: `172.17.0.2:80`, or null. */
  readonly to: { readonly address: string; readonly port: number | null } | null;
  readonly delivered: "host" | "forward" | null;
  /** The rule, route or gap that decided, in words with its line; null where none did. */
  readonly because: string | null;
  /** A command that takes the deciding rule away, if it is the administrator's; else null. */
  readonly remedy: string | null;
}

/** What becomes of a packet from some of the machines that may send one. */
export interface Visit extends Fate {
  /** `any source`, `any source but 203.0.113.7`, or the sources, in words. */
  readonly from: string;
  /** Address of one of them. */
  readonly visitor: string;
  /** No rule and no policy decides, but routing: who sends so is no real visitor. */
  readonly byRouting: boolean;
}

/** `, by …`, or nothing. */
export function sayFate({ because }: Fate): string {
  return because === null ? "" : `, by ${because}`;
}

export interface Ways {
  /** A first packet from every other machine, those together that fare alike. Null where no interface leads outside. */
  readonly fromOutside: (to: string, port: number, protocol: Protocol) => readonly Visit[] | null;
  /** A first packet that comes from the container by its interface on the host (a port of a bridge). */
  readonly fromContainer: (packet: { readonly source: string; readonly to: string; readonly port: number; readonly protocol: "tcp" | "udp"; readonly in: string }) => Fate;
  /** This host's own address that a visitor would use, by family; null where it has none that leads outside. */
  readonly visitedAddress: (family: 4 | 6) => string | null;
}
