/** The packet whose way is followed, and the connection that it belongs to. */
import type { Address } from "../addresses.ts";

export interface Packet {
  /**
   * The interface on which it comes: a name of `ip link`. A port of a bridge stands for a packet that the bridge receives there. Null: this
   * host sends it.
   */
  readonly in: string | null;
  /** Of one family. */
  readonly source: Address;
  readonly destination: Address;
  /** Number of the transport protocol. */
  readonly protocol: number;
  /** Null where the protocol has none. */
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  /** Eight bits (flagBits of firewall/tests.ts); null unless TCP. */
  readonly tcpFlags: number | null;
  /** Null unless ICMP or ICMPv6. */
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
}

export type ConnectionState = "NEW" | "ESTABLISHED" | "RELATED" | "INVALID" | "UNTRACKED";

/** One direction of a connection: whoever sends, and to whom. */
export interface Tuple {
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
}

/** What the kernel's connection tracking holds of the packet's connection before the packet comes. */
export interface Connection {
  /** As the packet will be called: a later packet in the same direction before any reply is NEW too, and is bound already. */
  readonly state: "NEW" | "ESTABLISHED" | "RELATED";
  readonly direction: "original" | "reply";
  /** As the first packet came, before translation. */
  readonly original: Tuple;
  /** As replies come, before they are translated back: its source is where the first packet went. */
  readonly reply: Tuple;
  readonly protocol: number;
  readonly mark: number;
  /** statusBits of firewall/tests.ts. */
  readonly status: number;
}
