/** What `nft -j list ruleset` prints (libnftables-json(5)), as data. */
import type { NftElement } from "./expressions.ts";
import type { NftStatement } from "./statements.ts";
import type { NftLimit, NftQuota } from "./terms.ts";

export interface NftRuleset {
  /** Of the nft that printed it; null where the text does not say. */
  readonly version: string | null;
  /** In the order of the text. */
  readonly tables: readonly NftTable[];
}

/** Another family is kept as its word; which packets it sees is not known. */
export type NftFamily = "ip" | "ip6" | "inet" | "bridge" | "netdev" | "arp" | (string & {});

export interface NftTable {
  readonly family: NftFamily;
  readonly name: string;
  readonly place: NftPlace;
  /** `dormant`: the kernel calls none of its chains. nft 1.0.6 does not print flags. */
  readonly flags: readonly string[];
  readonly chains: readonly NftChain[];
  readonly sets: readonly NftSet[];
  readonly objects: readonly NftObject[];
}

/** Where an object stands: its place in the list, from 0, and in the text that was read, if it was one. */
export interface NftPlace {
  readonly index: number;
  readonly line: number | null;
  readonly column: number | null;
}

export interface NftChain {
  readonly name: string;
  readonly place: NftPlace;
  /** Null: it is called by jumps only. */
  readonly base: NftBase | null;
  readonly rules: readonly NftRule[];
}

/** How the kernel calls a chain. */
export interface NftBase {
  /** filter, nat, route. */
  readonly type: string;
  readonly hook: string;
  readonly priority: number;
  readonly policy: "accept" | "drop";
  /** Of netdev chains, and of ingress chains of inet. nft 1.0.6 leaves them out. */
  readonly devices: readonly string[];
}

export interface NftRule {
  /** By which nft names it; null where the text does not say. */
  readonly handle: number | null;
  /** Place in its chain, from 1. */
  readonly index: number;
  readonly place: NftPlace;
  readonly comment: string | null;
  /** In order: each lets the packet go on to the next, leaves the rule, or ends it with a verdict. */
  readonly statements: readonly NftStatement[];
}

/** A named set; with `valueType` a map. */
export interface NftSet {
  readonly name: string;
  readonly place: NftPlace;
  /** Types of the fields of a concatenation, `ipv4_addr`; one without. */
  readonly keyTypes: readonly string[];
  /** Of a map: `verdict`, `ipv4_addr . inet_service`. */
  readonly valueType: string | null;
  readonly flags: readonly string[];
  /** Seconds after which elements go, unless they say otherwise. */
  readonly timeout: number | null;
  readonly size: number | null;
  readonly elements: readonly NftElement[];
}

/** A named object. `quota` and `limit` are read, of the others only what they are. */
export type NftObject = { readonly name: string; readonly place: NftPlace } & (
  | { readonly kind: "limit"; readonly limit: NftLimit }
  | { readonly kind: "quota"; readonly quota: NftQuota }
  | { readonly kind: "counter"; readonly packets: number; readonly bytes: number }
  /** `ct helper`, `ct timeout`, `synproxy`, `secmark`, `flowtable` …, as it stands in the text. */
  | { readonly kind: "other"; readonly type: string; readonly json: unknown }
);
