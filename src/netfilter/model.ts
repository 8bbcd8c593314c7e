/** What iptables-save and ip6tables-save print, as data. */
import type { Match } from "./matches.ts";
import type { Target } from "./targets.ts";

/** One dump, or one file that iptables-restore could read. */
export interface SaveFile {
  /** Not in the text: the caller knows which tool it asked. */
  readonly family: 4 | 6;
  /** Every line in order, so that the file can be written back byte for byte. */
  readonly lines: readonly Line[];
  /** In the order of the text; no table occurs twice. */
  readonly tables: readonly Table[];
  /** Tables that iptables-nft-save says it did not print, or not wholly: nothing can be concluded from their absence here. */
  readonly unprinted: readonly UnprintedTable[];
}

/** A line as it stood, or the rule that it holds. A rule whose comment contains line breaks is one line here. */
export type Line =
  | { readonly kind: "text"; readonly number: number; readonly text: string; readonly end: LineEnd }
  | { readonly kind: "rule"; readonly number: number; readonly rule: Rule; readonly end: LineEnd };

export type LineEnd = "\n" | "\r\n" | "";

/**
 * What the tool printed as a comment instead of a table (`incompatible`: rules of native nft in it) or beside it
 * (`base-chains`: the table has further base chains, which are not in the dump).
 */
export interface UnprintedTable {
  readonly table: string;
  readonly extent: "incompatible" | "base-chains";
  readonly line: number;
}

export interface Table {
  readonly name: string;
  readonly line: number;
  readonly chains: readonly Chain[];
}

export interface Chain {
  readonly name: string;
  /** Built-in chains are called by the kernel and have a policy, the others are called by jumps. */
  readonly builtin: boolean;
  /** `ACCEPT` or `DROP`; null for user chains and for built-in ones that the file does not declare. */
  readonly policy: string | null;
  readonly counters: Counters | null;
  /** Null where rules name a chain that the file does not declare (a file for `--noflush`). */
  readonly line: number | null;
  readonly rules: readonly Rule[];
}

/** Beyond 2^53 the numbers are rounded; the text keeps them exact. */
export interface Counters {
  readonly packets: number;
  readonly bytes: number;
}

export interface Rule {
  readonly table: string;
  readonly chain: string;
  /** Line of the dump, from 1. */
  readonly line: number;
  /** Place in its chain, from 1. */
  readonly index: number;
  readonly counters: Counters | null;
  readonly tokens: readonly Token[];
  /** White space behind the last token. */
  readonly after: string;
  /** All must match. In the order of the text. */
  readonly matches: readonly Match[];
  /** Null: the rule only counts. */
  readonly target: Target | null;
}

/** A word of a rule. */
export interface Token {
  /** White space before it. */
  readonly before: string;
  /** As it stands in the text, quotes and escapes included. */
  readonly raw: string;
  /** What it means: quotes and escapes removed. */
  readonly value: string;
  /** A quoted word is a value, never an option or a `!`. */
  readonly quoted: boolean;
}
