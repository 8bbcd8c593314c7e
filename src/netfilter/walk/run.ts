/** One way of a packet, with every open question answered: the packet, what it met, and who answers. */
import type { HistoryTest } from "../firewall/tests.ts";
import type { Hook, Rule } from "../firewall/model.ts";
import type { Tracked } from "./conntrack.ts";
import type { Circumstances, Scenario, Undecided } from "./evaluate.ts";
import type { Flow } from "./flow.ts";
import type { Hop } from "./hops.ts";
import type { HostNetwork } from "./network.ts";
import type { Intervals } from "../sets/intervals.ts";
import type { PlacedChain, Prepared } from "./prepare.ts";

export interface Run {
  readonly prepared: Prepared;
  readonly network: HostNetwork | null;
  readonly flow: Flow;
  readonly tracked: Tracked;
  /** Where the packet is. */
  hook: Hook;
  readonly hops: Hop[];
  readonly limits: MetLimit[];
  /** Answers what nothing decides. */
  readonly choose: (question: Undecided, rule: Rule | null) => boolean;
  readonly scenario: Scenario;
  /** Asks one base chain; null: it accepts. */
  readonly walkChain: (run: Run, placed: PlacedChain) => End | null;
  /** Told of a set of sources where what happens hangs on whether the source is in it. */
  readonly onSource: (set: Intervals<bigint>) => void;
  /** Rules that may still be looked at: chains that call each other many times over could go on for ever. */
  budget: number;
}

/** A limit that a rule asked. `answer`: whether the test held; null where no scenario says. */
export interface MetLimit {
  readonly rule: Rule;
  readonly test: HistoryTest;
  readonly answer: boolean | null;
}

/** How a packet's way ends before it is delivered. */
export interface End {
  readonly verdict: "drop" | "reject" | "depends" | "unknown";
  readonly reason: string;
}

export type Delivery = End | { readonly verdict: "accept"; readonly delivered: "host" | "forward" };

/** What `evaluate` needs, for tests of this rule. */
export function circumstancesOf(run: Run, rule: Rule): Circumstances {
  return { network: run.network, scenario: run.scenario, onLimit: (test, answer) => run.limits.push({ rule, test, answer }) };
}
