/** What rules, elements of sets and named objects have in common. */

export type NftVerdict =
  | { readonly kind: "accept" | "drop" | "continue" | "return" }
  | { readonly kind: "jump" | "goto"; readonly chain: string };

/** A bucket of tokens. `over`: matches beyond the rate. */
export interface NftLimit {
  readonly amount: number;
  readonly unit: "packets" | "bytes";
  readonly perSeconds: number;
  /** In `unit`. */
  readonly burst: number;
  readonly over: boolean;
}

/** `over`: matches once so many bytes have passed, else up to then. */
export interface NftQuota {
  readonly bytes: number;
  readonly over: boolean;
}

/** What keeps state of its own, in a rule or in an element of a set. */
export type NftStateful =
  | { readonly kind: "counter"; readonly packets: number; readonly bytes: number }
  | { readonly kind: "limit"; readonly limit: NftLimit }
  | { readonly kind: "quota"; readonly quota: NftQuota }
  /** Connections counted by the rule, or by the element of the set. */
  | { readonly kind: "ct-count"; readonly count: number; readonly over: boolean };

/** Not modelled, or not as libnftables-json(5) says. As it stands in the text. */
export interface NftOpaque {
  readonly kind: "opaque";
  readonly name: string;
  readonly json: unknown;
}
