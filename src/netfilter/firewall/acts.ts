/** What rules do with a packet. */
import type { Test } from "./tests.ts";

export type Act =
  /** Ends this base chain; the packet goes on to the next one of the hook. */
  | { readonly kind: "accept" }
  | { readonly kind: "drop" }
  /** Drops, and answers: `tcp-reset`, or the ICMP error without its prefix (`port-unreachable`, `admin-prohibited`). */
  | { readonly kind: "reject"; readonly with: string }
  /** Back to the chain that jumped here; in a base chain its policy. */
  | { readonly kind: "return" }
  | { readonly kind: "jump" | "goto"; readonly chain: string }
  /** To a program, which decides. */
  | { readonly kind: "queue" }
  /** The first entry whose tests all hold; without one the rule is left. Verdict maps, and maps of translations and marks. */
  | { readonly kind: "map"; readonly entries: readonly MapEntry[] }
  | { readonly kind: "log"; readonly prefix: string }
  | MarkAct
  | NatAct
  | { readonly kind: "notrack" }
  /** Answers a SYN in the server's place; a lone ACK goes on or not by its cookie. Others pass. */
  | { readonly kind: "synproxy" }
  /** Changes or counts something that no test reads: counter, TCPMSS, TTL, adding to a set that no rule asks. */
  | { readonly kind: "continue"; readonly text: string }
  /** Not understood: anything may become of the packet. */
  | { readonly kind: "opaque"; readonly text: string };

export interface MapEntry {
  readonly when: readonly Test[];
  readonly act: Act;
}

/** The mark becomes `(packet's mark & packet) ^ (connection's mark & connection) ^ constant`, unsigned 32 bit. */
export interface MarkAct {
  readonly kind: "mark";
  readonly of: "packet" | "connection";
  readonly packet: number;
  readonly connection: number;
  readonly constant: number;
}

/** Binds the connection; ends the base chain. */
export interface NatAct {
  readonly kind: "nat";
  /** masquerade takes an address of the outgoing interface, redirect one of the incoming (loopback for packets sent here). */
  readonly type: "dnat" | "snat" | "masquerade" | "redirect";
  /** Inclusive, as numbers; null keeps the address (always for masquerade and redirect). */
  readonly addresses: { readonly family: 4 | 6; readonly from: bigint; readonly to: bigint } | null;
  /** Inclusive; null keeps the port where it can be kept. */
  readonly ports: { readonly from: number; readonly to: number } | null;
  /** Ports are mapped one to one: port - basePort + ports.from. */
  readonly basePort: number | null;
  /** The prefix of the address is replaced and the rest kept (NETMAP, `dnat prefix to`). */
  readonly prefix: boolean;
}
