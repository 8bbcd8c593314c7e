/** What nft's statements compute with: values of the packet and constants. */
import type { NftOpaque, NftStateful, NftVerdict } from "./terms.ts";

export type NftExpression =
  /** A constant as nft writes it: `"10.0.0.1"`, `80`, `"established"`, `true`. */
  | { readonly kind: "value"; readonly value: string | number | boolean }
  /** `@name`. */
  | { readonly kind: "set-reference"; readonly name: string }
  /** A header field by its name, `tcp dport`. */
  | { readonly kind: "payload"; readonly protocol: string; readonly field: string }
  /** Bits of a header: base `ll`, `nh`, `th`, `ih`; offset and length in bits. */
  | { readonly kind: "raw-payload"; readonly base: string; readonly offset: number; readonly length: number }
  | { readonly kind: "meta"; readonly key: string }
  /** `key` without family: `saddr`; `family` where the rule names it. */
  | { readonly kind: "ct"; readonly key: string; readonly direction: "original" | "reply" | null; readonly family: "ip" | "ip6" | null }
  /** What the routing table says of the fields in `flags` (saddr, daddr, iif, oif, mark); result `type`, `oif`, `oifname`. */
  | { readonly kind: "fib"; readonly result: string; readonly flags: readonly string[] }
  | { readonly kind: "prefix"; readonly address: NftExpression; readonly length: number }
  /** Inclusive. */
  | { readonly kind: "range"; readonly from: NftExpression; readonly to: NftExpression }
  /** Flags, of which each may be set: `syn,ack`. */
  | { readonly kind: "list"; readonly items: readonly NftExpression[] }
  | { readonly kind: "concat"; readonly parts: readonly NftExpression[] }
  /** An anonymous set or map. */
  | { readonly kind: "set"; readonly elements: readonly NftElement[] }
  /** The value that `data` holds for `key`. */
  | { readonly kind: "map"; readonly key: NftExpression; readonly data: NftExpression }
  | { readonly kind: "binary"; readonly operator: NftBinaryOperator; readonly operands: readonly NftExpression[] }
  /** A number from 0 (plus offset) below the modulus: at random, counting, or a hash of the packet. */
  | { readonly kind: "choice"; readonly by: "random" | "turn" | "hash"; readonly modulus: number; readonly offset: number; readonly json: unknown }
  | { readonly kind: "verdict"; readonly verdict: NftVerdict }
  /** `tcp option`, `socket`, `rt` … */
  | NftOpaque;

export type NftBinaryOperator = "&" | "|" | "^" | "<<" | ">>";

/** A member of a set; in a map with what it maps to. */
export interface NftElement {
  readonly key: NftExpression;
  readonly value: NftExpression | null;
  /** Seconds it stays once added; null where it stays as long as its set says. */
  readonly timeout: number | null;
  /** Seconds that it has left. */
  readonly expires: number | null;
  readonly comment: string | null;
  /** Run when the element is found; the packet goes on if all let it. */
  readonly statements: readonly NftStateful[];
}
