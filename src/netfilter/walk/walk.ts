/** The walk of one packet: what becomes of it, where it goes, and which rules it meets. */
import type { Rule } from "../firewall/model.ts";
import { flagBits, type HistoryTest } from "../firewall/tests.ts";
import { walkChain } from "./chain.ts";
import { followPath } from "./path.ts";
import type { Tracked } from "./conntrack.ts";
import type { Scenario, Undecided } from "./evaluate.ts";
import type { Flow } from "./flow.ts";
import { type Fate, startFlow, toConnection, toFate } from "./flow-ends.ts";
import type { Hop } from "./hops.ts";
import type { HostNetwork } from "./network.ts";
import type { Connection, ConnectionState, Packet } from "./packet.ts";
import type { Prepared } from "./prepare.ts";
import type { MetLimit, Run } from "./run.ts";

export interface WalkOptions {
  /** Null: what depends on routing is unknown. */
  readonly network: HostNetwork | null;
  /**
   * The connection that the packet belongs to, or what it is called. ESTABLISHED alone is a later packet in the direction of the first, so translated as
   * that was. Null: the first packet of its flow, called as the kernel calls it.
   */
  readonly connection: Connection | ConnectionState | null;
  readonly scenario: Scenario;
}

export interface Walk extends Fate {
  /** Of the way on which every open question is answered no; of the questions those on which the fate hangs. */
  readonly hops: readonly Hop[];
  /** Limits that rules asked on any way. */
  readonly limits: readonly MetLimit[];
  /** What decides between `depends` or `unknown` and something else: each undecided question on which the fate hangs, and the rule that asks it. */
  readonly questions: readonly Question[];
  /** What is tracked of it afterwards, to walk its replies; null where nothing is, or it hangs on what is not known. */
  readonly connection: Connection | null;
}

export interface Question extends Undecided {
  readonly rule: Rule | null;
}

/**
 * Follows the packet as the kernel would. Where something cannot be decided both answers are followed: if they come to the same, that is
 * the fate; if they differ, it `depends` on limits or chance, or is `unknown` where it hangs on what is not understood.
 * Throws `RulesetError` where chains call each other so often that no packet comes to an end.
 */
export function walkPacket(prepared: Prepared, packet: Packet, options: WalkOptions): Walk {
  return walkPacketBy({ walkChain, onSource: () => undefined, openNetwork: () => options.network }, prepared, packet, options);
}

/** How base chains are asked, and who is told of what hangs on the source. */
export interface Strategy extends Pick<Run, "walkChain" | "onSource"> {
  /** The network as this flow sees it. */
  readonly openNetwork: (flow: Flow) => HostNetwork | null;
}

/** The same, with base chains asked in another way that comes to the same. */
export function walkPacketBy(strategy: Strategy, prepared: Prepared, packet: Packet, options: WalkOptions): Walk {
  const limits = new Map<HistoryTest, MetLimit>();
  const follow = (answers: readonly boolean[]): Followed => followOnce(strategy, prepared, packet, options, answers, limits);
  const budget = { rules: mostRulesInAll };
  const first = follow([]);
  const merged = decide(first, follow, 0, [], budget);
  return { ...merged.fate, hops: first.hops.filter(({ open }) => open === null || merged.questions.some((question) => question === open)), limits: [...limits.values()], questions: merged.questions, connection: merged.connection };
}

/** Rules that one way may meet before it is given up: no kernel would carry traffic by so many. */
const mostRules = 1_000_000;
/** Rules that all ways together may meet; beyond, the fate is unknown. */
const mostRulesInAll = 5_000_000;

interface Followed {
  readonly fate: Fate;
  readonly hops: readonly Hop[];
  readonly connection: Connection | null;
  /** How many were met. */
  readonly rules: number;
  /** In the order in which they were asked. */
  readonly asked: readonly (Question & { readonly answer: boolean })[];
}

interface Merged {
  readonly fate: Fate;
  /** Null also where it is another one on another way. */
  readonly connection: Connection | null;
  readonly questions: readonly Question[];
}

/** The tree of answers: `followed` answered no to everything after `answers`; the other answer to each question is another tree. */
function decide(followed: Followed, follow: (answers: readonly boolean[]) => Followed, from: number, answers: readonly boolean[], budget: { rules: number }): Merged {
  let merged: Merged = { fate: followed.fate, connection: followed.connection, questions: [] };
  for (let index = followed.asked.length - 1; index >= from; index--) {
    const question = followed.asked[index];
    if (question === undefined) continue;
    if (budget.rules <= 0) return { fate: { ...open, verdict: "unknown", reason: "too much is open to follow every way" }, connection: null, questions: [question] };
    const prefix = [...answers, ...followed.asked.slice(from, index).map(({ answer }) => answer), !question.answer];
    const followedOther = follow(prefix);
    budget.rules -= followedOther.rules;
    const other = decide(followedOther, follow, index + 1, prefix, budget);
    merged = merge(merged, other, question);
  }
  return merged;
}

const open = { delivered: null, to: null, out: null };

function merge(one: Merged, other: Merged, question: Question): Merged {
  const [a, b] = [one.fate, other.fate];
  const questions = [...new Set([...one.questions, ...other.questions])];
  const connection = keyOf(one.connection) === keyOf(other.connection) ? one.connection : null;
  if (a.verdict === b.verdict) {
    const same = <T>(left: T, right: T): T | null => (JSON.stringify(left) === JSON.stringify(right) ? left : null);
    return { fate: { verdict: a.verdict, delivered: same(a.delivered, b.delivered), to: same(a.to, b.to), out: same(a.out, b.out), reason: a.reason }, connection, questions };
  }
  const isIgnorance = question.cause === "opaque" || question.cause === "routing" || a.verdict === "unknown" || b.verdict === "unknown";
  const reason = a.verdict === "unknown" ? a.reason : b.verdict === "unknown" ? b.reason : question.text;
  return { fate: { ...open, verdict: isIgnorance ? "unknown" : "depends", reason }, connection, questions: [...questions, question] };
}

function keyOf(connection: Connection | null): string {
  return JSON.stringify(connection, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

function followOnce(strategy: Strategy, prepared: Prepared, packet: Packet, options: WalkOptions, answers: readonly boolean[], limits: Map<HistoryTest, MetLimit>): Followed {
  const asked: (Question & { readonly answer: boolean })[] = [];
  const run = (flow: Flow, tracked: Tracked): Run => {
    const started: Run = {
      prepared,
      network: strategy.openNetwork(flow),
      flow,
      tracked,
      hook: "prerouting",
      hops: [],
      limits: [],
      choose: (question, rule) => {
        const answer = answers[asked.length] ?? false;
        const open = { ...question, rule, answer };
        asked.push(open);
        started.hops.push(toHop(open, started.hook));
        return answer;
      },
      scenario: options.scenario,
      walkChain: strategy.walkChain,
      onSource: strategy.onSource,
      budget: mostRules,
    };
    return started;
  };
  const main = run(startFlow(packet, options.network), findTracked(packet, options, run));
  const end = followPath(main);
  for (const limit of main.limits) limits.set(limit.test, limit);
  return { fate: toFate(end, main.flow), hops: main.hops, connection: toConnection(main.flow), rules: mostRules - main.budget, asked };
}

/** History and chance are answers in themselves, what is not known is not. */
function toHop(open: Question, hook: Hop["hook"]): Hop {
  const source = open.rule?.source ?? null;
  return {
    hook: source === null ? "routing" : hook,
    family: source?.family ?? null,
    table: source?.table ?? null,
    chain: source?.chain ?? null,
    rule: source?.index ?? null,
    source,
    action: open.cause === "history" || open.cause === "chance" ? "depends" : "unknown",
    why: source === null ? open.text : `${open.text} in ${source.text}`,
    open,
  };
}

/** A packet that is only called ESTABLISHED had a first one: its way tells what the connection was bound to. */
function findTracked(packet: Packet, { connection, network }: WalkOptions, run: (flow: Flow, tracked: Tracked) => Run): Tracked {
  if (connection === null) return null;
  if (typeof connection !== "string") return { kind: "connection", connection };
  if (connection !== "ESTABLISHED") return { kind: "state", state: connection };
  const first = run(startFlow({ ...packet, tcpFlags: packet.tcpFlags === null ? null : flagBits.SYN }, network), { kind: "state", state: "NEW" });
  followPath(first);
  return { kind: "first", made: first.flow.connection };
}
