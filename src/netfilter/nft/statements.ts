/** What a rule of nft consists of. */
import type { NftExpression } from "./expressions.ts";
import type { NftOpaque, NftStateful, NftVerdict } from "./terms.ts";

export type NftStatement =
  | { readonly kind: "match"; readonly operator: NftOperator; readonly left: NftExpression; readonly right: NftExpression }
  | { readonly kind: "verdict"; readonly verdict: NftVerdict }
  /** The verdict that `data` holds for `key`; without one the packet goes on in the rule. */
  | { readonly kind: "vmap"; readonly key: NftExpression; readonly data: NftExpression }
  | NftStateful
  /** A named counter, limit, quota, ct helper …; `name` may be a map from packets to names. */
  | { readonly kind: "object"; readonly type: string; readonly name: NftExpression }
  | { readonly kind: "mangle"; readonly key: NftExpression; readonly value: NftExpression }
  | NftLog
  /** `type` icmp, icmpv6, icmpx or tcp reset; `code` as `host-prohibited`, null for a reset. */
  | { readonly kind: "reject"; readonly type: string; readonly code: string | null }
  | NftNat
  | { readonly kind: "notrack" }
  | { readonly kind: "synproxy"; readonly json: unknown }
  /** To user space, which decides. */
  | { readonly kind: "queue"; readonly json: unknown }
  | { readonly kind: "tproxy"; readonly family: string | null; readonly address: NftExpression | null; readonly port: NftExpression | null }
  /** Sends a copy elsewhere. */
  | { readonly kind: "dup"; readonly json: unknown }
  /** Takes the packet away, out by another device. */
  | { readonly kind: "fwd"; readonly json: unknown }
  | NftSetStatement
  /** A rule of iptables-nft: name of the extension, without its parameters. */
  | { readonly kind: "xt"; readonly type: string; readonly name: string }
  | NftOpaque;

/** `in`: one of these bits is set. `!`: none is. */
export type NftOperator = "==" | "!=" | "<" | ">" | "<=" | ">=" | "in" | "!";

/** To the kernel's log, or to `group` in user space. */
export interface NftLog {
  readonly kind: "log";
  readonly prefix: string | null;
  readonly level: string | null;
  readonly group: number | null;
  readonly json: unknown;
}

/** Null: left as it is (port), or as the kind says (address). */
export interface NftNat {
  readonly kind: "snat" | "dnat" | "masquerade" | "redirect";
  readonly family: string | null;
  /** A map may give addresses, or addresses with ports. */
  readonly address: NftExpression | null;
  readonly port: NftExpression | null;
  readonly flags: readonly string[];
  /** Addresses are mapped one to one. */
  readonly netmap: boolean;
}

/**
 * Adds, refreshes or takes away an element of a set from the path of packets. `statements` (limit, ct count, counter) belong to the element: the packet
 * goes on if they match. `meter`: the set belongs to the rule.
 */
export interface NftSetStatement {
  readonly kind: "set";
  readonly operation: "add" | "update" | "delete";
  readonly set: string;
  readonly meter: boolean;
  readonly element: NftExpression;
  /** Of a map: what the element maps to. */
  readonly value: NftExpression | null;
  readonly timeout: number | null;
  readonly size: number | null;
  readonly statements: readonly (NftStateful | NftOpaque)[];
}
