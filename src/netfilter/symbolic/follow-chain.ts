/** A base chain on the way of one source, by its summary for all of them. */
import { contains, uniteAll } from "../sets/intervals.ts";
import { walkChain } from "../walk/chain.ts";
import type { Flow } from "../walk/flow.ts";
import type { PlacedChain } from "../walk/prepare.ts";
import type { End, Run } from "../walk/run.ts";
import { translate } from "../walk/translate.ts";
import type { AskedLimit, Sources, Summary, SummaryLeaf } from "./branch.ts";
import type { Region } from "./region.ts";
import { readsOf } from "./reads.ts";
import { summarise, type SummaryContext } from "./summarise.ts";
import type { SourceClass } from "./split.ts";

export interface ChainFollower {
  readonly region: Region;
  readonly space: Sources;
  readonly cache: SummaryContext["cache"];
  /** Leaves of a summary that fare alike, by the summary. */
  readonly groups: WeakMap<Summary, readonly LeafGroup[]>;
  readonly classesOf: (flow: Flow) => readonly SourceClass[];
  readonly onLimits: (limits: readonly AskedLimit[]) => void;
  readonly onDecided: (placed: PlacedChain, group: LeafGroup) => void;
}

/** Leaves with one exit, change and assumptions. */
export interface LeafGroup extends Pick<SummaryLeaf, "exit" | "change" | "assumptions"> {
  readonly sources: Sources;
  readonly leaves: readonly SummaryLeaf[];
}

/** As walkChain of the plain walk, for the source that the region stands for; narrows the region to those that fare like it. */
export function followChain(run: Run, placed: PlacedChain, follower: ChainFollower): End | null {
  const { flow } = run;
  const { region } = follower;
  if (flow.source !== region.symbol) return walkTranslated(run, placed, region);
  const summary = summariseBase(run, placed, follower);
  let open: LeafGroup[] = [];
  for (const group of groupsOf(summary, follower)) {
    region.narrow(group.sources);
    if (contains(group.sources, region.symbol)) open.push(group);
  }
  follower.onLimits(summary.limits);
  for (const limit of summary.limits) if (contains(limit.sources, region.symbol)) run.limits.push(limit);
  for (let position = 0; open.some(({ assumptions }) => assumptions.length > position); position++) {
    const asked = open[0]?.assumptions[position];
    if (asked === undefined) break;
    const answer = run.choose(asked.question, asked.rule);
    open = open.filter(({ assumptions }) => assumptions[position]?.answer === answer);
  }
  const [group] = open;
  if (group === undefined) throw new Error(`no way through chain ${placed.chain.name}`);
  follower.onDecided(placed, group);
  return leave(run, placed, group);
}

function summariseBase({ flow, prepared, network, scenario }: Run, { table, chain }: PlacedChain, { region, space, cache, classesOf }: ChainFollower): Summary {
  const state = { mark: flow.mark, connectionMark: flow.connection?.mark ?? null, untracked: false };
  return summarise(chain, state, {
    table, flow, space, cache, network, scenario, symbol: region.symbol, classes: classesOf(flow), isInert: prepared.isInert,
  });
}

function leave(run: Run, { table, chain, base }: PlacedChain, { exit, change }: LeafGroup): End | null {
  const { flow } = run;
  flow.mark = change.mark ?? flow.mark;
  if (flow.connection !== null) flow.connection.mark = change.connectionMark ?? flow.connection.mark;
  if (change.untracked === true && flow.connection === null && flow.state === "INVALID") flow.state = "UNTRACKED";
  switch (exit.kind) {
    case "accept":
      return null;
    case "through":
      return base.policy === "accept" ? null : { verdict: "drop", reason: `policy of ${table.name} ${chain.name}` };
    case "end":
      return exit.end;
    case "nat":
      return translate(run, exit.act, exit.rule).end;
  }
}

/** Whatever the rule: three thousand drops are one way to go. */
function groupsOf(summary: Summary, { groups }: ChainFollower): readonly LeafGroup[] {
  const known = groups.get(summary);
  if (known !== undefined) return known;
  const byKey = new Map<string, SummaryLeaf[]>();
  const objects = new Map<unknown, number>();
  for (const leaf of summary.leaves) {
    const { exit, change, assumptions } = leaf;
    const number = (value: unknown): number => objects.get(value) ?? objects.set(value, objects.size).size - 1;
    const way = exit.kind === "end" ? exit.end.verdict : exit.kind === "nat" ? String(number(exit.act)) : exit.kind;
    const asked = assumptions.map(({ rule, question, answer }) => `${number(rule)} ${question.text} ${answer}`);
    const key = JSON.stringify([exit.kind, way, change, asked]);
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [leaf]);
    else group.push(leaf);
  }
  const found = [...byKey.values()].flatMap((leaves): readonly LeafGroup[] => {
    const [first] = leaves;
    if (first === undefined) return [];
    return [{ exit: first.exit, change: first.change, assumptions: first.assumptions, leaves, sources: uniteAll(leaves.map(({ sources }) => sources)) }];
  });
  groups.set(summary, found);
  return found;
}

/** Once the source is translated only the tuples of the connection still tell it. */
function walkTranslated(run: Run, placed: PlacedChain, region: Region): End | null {
  for (const { set } of readsOf(placed.chain, placed.table).tupleTests) region.narrow(set);
  return walkChain(run, placed);
}
