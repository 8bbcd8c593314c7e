/** A packet on its way: what rules see of it at the moment. Changed by translation, marks and routing. */
import type { Address } from "../addresses.ts";
import type { ConnectionState } from "./packet.ts";

export const unknown = "unknown";

/** A value that may not be known: of an address taken from a pool, of an interface without routes. */
export type Known<T> = T | typeof unknown;

export interface Flow {
  readonly family: 4 | 6;
  readonly protocol: number;
  /** Names; "" for none. */
  in: Known<string>;
  out: Known<string>;
  physicalIn: Known<string>;
  physicalOut: Known<string>;
  source: Known<bigint>;
  destination: Known<bigint>;
  /** Null where the protocol has none. */
  sourcePort: Known<number> | null;
  destinationPort: Known<number> | null;
  readonly tcpFlags: number | null;
  readonly icmpType: number | null;
  readonly icmpCode: number | null;
  packetType: Known<number>;
  mark: number;
  /** Null for packets that no local process sends. */
  readonly user: typeof unknown | null;
  state: ConnectionState;
  /** Null before connection tracking and for INVALID and UNTRACKED packets. */
  connection: FlowConnection | null;
}

export interface FlowConnection {
  readonly direction: "original" | "reply";
  readonly protocol: number;
  readonly original: FlowTuple;
  reply: FlowTuple;
  /** statusBits of firewall/tests.ts. */
  status: number;
  mark: number;
  /** Whether the nat chains have had their say about its destination and its source. */
  bound: { source: boolean; destination: boolean };
}

export interface FlowTuple {
  readonly source: Known<bigint>;
  readonly destination: Known<bigint>;
  readonly sourcePort: Known<number> | null;
  readonly destinationPort: Known<number> | null;
}

/** A known address in its family; null where it is not known. */
export function toAddress(family: 4 | 6, value: Known<bigint>): Address | null {
  return value === unknown ? null : { family, value };
}
