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
}

/** A limit that a rule asks of these sources. */
export interface AskedLimit {
  readonly rule: Rule;
  readonly test: HistoryTest;
  readonly answer: boolean | null;
  readonly sources: Sources;
}

/** A leaf for packets of every state that the chain cannot tell apart: what it changes, and nothing of what it lets be. */
export interface SummaryLeaf extends Omit<Leaf, "state"> {
  readonly change: Partial<ChainState>;
}

/** What a chain does with every source: leaves overlap only where assumptions differ. */
export interface Summary {
  readonly leaves: readonly SummaryLeaf[];
  readonly limits: readonly AskedLimit[];
}
