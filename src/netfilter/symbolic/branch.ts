/** Sets of sources on their way through a chain. */
import type { NatAct } from "../firewall/acts.ts";
import type { Rule } from "../firewall/model.ts";
import type { HistoryTest } from "../firewall/tests.ts";
import type { Intervals } from "../sets/intervals.ts";
import type { End } from "../walk/run.ts";
import type { Undecided } from "../walk/evaluate.ts";

/** Addresses of one family. */
export type Sources = Intervals<bigint>;

/** What a chain can change of a packet besides its fate. */
export interface ChainState {
  readonly mark: number;
  /** Null without connection. */
  readonly connectionMark: number | null;
  readonly untracked: boolean;
}

/** An open question, and the answer that was taken. */
export interface Assumption {
  readonly question: Undecided;
  readonly rule: Rule;
  readonly answer: boolean;
}

export interface Branch {
  readonly sources: Sources;
  readonly state: ChainState;
  /** In the order in which they were asked. */
  readonly assumptions: readonly Assumption[];
}

/** How packets leave a chain. `through`: by its end or by RETURN. */
export type Exit =
  | { readonly kind: "accept" | "through" }
  | { readonly kind: "end"; readonly end: End }
  | { readonly kind: "nat"; readonly act: NatAct; readonly rule: Rule };

export interface Leaf extends Branch {
  readonly exit: Exit;
  /** The rule that decides; null at the end of a chain. */
  readonly rule: Rule | null;
  /** Of a chain that was called: the way through it, which knows the rules that decide. */
  readonly through: LeafGroup | null;
}

/** A limit that a rule asks of these sources. */
export interface AskedLimit {
  readonly rule: Rule;
  readonly test: HistoryTest;
  readonly answer: boolean | null;
  readonly sources: Sources;
}

/** Leaves with one exit, change and assumptions, whatever the rule: three thousand drops are one way to go. */
export interface LeafGroup extends Pick<Leaf, "sources" | "exit" | "assumptions"> {
  /** What the chain changes: for packets of every state that it cannot tell apart, so nothing of what it lets be. */
  readonly change: Partial<ChainState>;
  readonly leaves: readonly Leaf[];
}

/** What a chain does with every source: groups overlap only where assumptions differ. */
export interface Summary {
  readonly groups: readonly LeafGroup[];
  readonly limits: readonly AskedLimit[];
}
