/** A base chain on the way of one source, by its summary for all of them. */
import { walkChain } from "../walk/chain.ts";
import type { Flow } from "../walk/flow.ts";
import type { PlacedChain } from "../walk/prepare.ts";
import type { End, Run } from "../walk/run.ts";
import { translate } from "../walk/translate.ts";
import type { LeafGroup, Sources, Summary } from "./branch.ts";
import { type CellFinder, findCells } from "./cells.ts";
import type { Region } from "./region.ts";
import { readsOf } from "./reads.ts";
import { summarise, type SummaryContext } from "./summarise.ts";
import type { SourceClass } from "./split.ts";

export interface ChainFollower {
  readonly region: Region;
  readonly space: Sources;
  readonly cache: SummaryContext["cache"];
  readonly cells: WeakMap<Summary, CellFinder>;
  readonly classesOf: (flow: Flow) => readonly SourceClass[];
  readonly onSummary: (summary: Summary) => void;
  readonly onDecided: (placed: PlacedChain, group: LeafGroup) => void;
}

/** As walkChain of the plain walk, for the source that the region stands for; narrows the region to those that fare like it. */
export function followChain(run: Run, placed: PlacedChain, follower: ChainFollower): End | null {
  const { flow } = run;
  const { region } = follower;
  if (flow.source !== region.symbol) return walkTranslated(run, placed, region);
  const summary = summariseBase(run, placed, follower);
  const cell = cellsOf(summary, follower)(region.symbol);
  if (cell !== null) region.narrow(cell.sources);
  let open = cell?.groups ?? [];
  follower.onSummary(summary);
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

function cellsOf(summary: Summary, { cells }: ChainFollower): CellFinder {
  const known = cells.get(summary) ?? findCells(summary);
  cells.set(summary, known);
  return known;
}

/** Once the source is translated only the tuples of the connection still tell it. */
function walkTranslated(run: Run, placed: PlacedChain, region: Region): End | null {
  for (const { set } of readsOf(placed.chain, placed.table).tupleTests) region.narrow(set);
  return walkChain(run, placed);
}
