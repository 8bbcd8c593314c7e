/** The terms in which conditions and actions are stated. Plain data. */

/** A value that the rule may demand or exclude (`!`). */
export interface Negatable<T> {
  readonly negated: boolean;
  readonly value: T;
}

/** Inclusive bounds. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Address and mask: a prefix length, or the mask itself where it is no prefix (`255.0.255.0`). */
export interface Network {
  readonly family: 4 | 6;
  readonly address: string;
  readonly mask: number | string;
}

/** `eth+`: every name that begins with `eth`; a lone `+` is every name. */
export interface InterfaceName {
  readonly name: string;
  readonly wildcard: boolean;
}

/** Of the flags in `mask` exactly those in `set` are set. Both in the order FIN SYN RST PSH ACK URG. */
export interface TcpFlags {
  readonly mask: readonly TcpFlag[];
  readonly set: readonly TcpFlag[];
}

export type TcpFlag = "FIN" | "SYN" | "RST" | "PSH" | "ACK" | "URG";

/** Inclusive. */
export interface AddressRange {
  readonly from: string;
  readonly to: string;
}
