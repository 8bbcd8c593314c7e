/** Fixes tried together: what does not hold is told from what does by reading the edited texts again. */
import { HardenError } from "../../errors.ts";
import type { Result } from "../../policy/model/report.ts";
import { findingKey, type Proposal, type Read, type Reading, type Tried } from "./model.ts";
import { applyEdits, joinEdits, type TextEdit } from "./text-edits.ts";

export interface Outcome {
  readonly accepted: readonly Tried[];
  /** What the texts mean with all of them. */
  readonly after: Reading;
  readonly refused: ReadonlyMap<Proposal, string>;
}

/**
 * Tries proposals of one reading. Those whose edits get in the way of others are in neither list: they have to wait for the next batch. `open` are all
 * proposals of the reading, these too.
 */
export async function tryBatch(read: Read, before: Reading, batch: readonly Proposal[], open: readonly Proposal[]): Promise<Outcome> {
  const trial: Trial = { read, before, open, refused: new Map() };
  const start: Settled = { attempts: [], after: before };
  const { attempts, after } = await settle(trial, start, batch.flatMap((proposal) => attempt(trial, proposal, 0, proposal.reason ?? UNSHARED)));
  return { accepted: attempts.map(toTried), after, refused: trial.refused };
}

const UNSHARED = "no edit of its own text would do";

interface Trial {
  readonly read: Read;
  readonly before: Reading;
  readonly open: readonly Proposal[];
  readonly refused: Map<Proposal, string>;
}

interface Attempt {
  readonly proposal: Proposal;
  /** Which of its ways. */
  readonly way: number;
}

interface Settled {
  readonly attempts: readonly Attempt[];
  readonly after: Reading;
}

function toTried({ proposal, way }: Attempt): Tried {
  return { proposal, edits: proposal.ways[way] ?? [] };
}

/** With the first of its ways from this one on that can be gone at all. None if there is none: the proposal is refused then. */
function attempt({ refused }: Trial, proposal: Proposal, from: number, reason: string): Attempt[] {
  const way = proposal.ways.findIndex((edits, index) => index >= from && joinEdits([edits]) !== null);
  if (way >= 0) return [{ proposal, way }];
  refused.set(proposal, reason);
  return [];
}

/** Adds as many of the attempts as hold to what holds already. Where nobody is to blame by name, halves are tried. */
async function settle(trial: Trial, settled: Settled, attempts: readonly Attempt[]): Promise<Settled> {
  let rest = withoutConflicts(settled.attempts, attempts);
  while (rest.length > 0) {
    const verdict = await verify(trial, [...settled.attempts, ...rest]);
    if ("after" in verdict) return { attempts: [...settled.attempts, ...rest], after: verdict.after };
    const [only] = rest;
    const blamed = rest.length === 1 && only !== undefined ? new Map([[only.proposal, verdict.blamed.get(only.proposal) ?? verdict.other]]) : verdict.blamed;
    const isBlamed = rest.some(({ proposal }) => blamed.has(proposal));
    if (!isBlamed) {
      const half = await settle(trial, settled, rest.slice(0, rest.length >> 1));
      return settle(trial, half, rest.slice(rest.length >> 1));
    }
    const next = rest.flatMap((one) => {
      const blame = blamed.get(one.proposal);
      if (blame === undefined) return [one];
      return attempt(trial, one.proposal, blame.final ? one.proposal.ways.length : one.way + 1, blame.reason);
    });
    rest = withoutConflicts(settled.attempts, next);
  }
  return settled;
}

/** Edits of one group get in each other's way far more often than those of two. */
function withoutConflicts(settled: readonly Attempt[], attempts: readonly Attempt[]): readonly Attempt[] {
  const editsOf = (list: readonly Attempt[]): (readonly TextEdit[])[] => list.map((one) => toTried(one).edits);
  if (joinEdits(editsOf([...settled, ...attempts])) !== null) return attempts;
  const byGroup = new Map<string, Attempt[]>();
  const keep = (one: Attempt, others: Attempt[]): boolean => joinEdits(editsOf([...others, one])) !== null && others.push(one) > 0;
  for (const one of settled) byGroup.set(one.proposal.group, [...(byGroup.get(one.proposal.group) ?? []), one]);
  const kept = attempts.filter((one) => {
    const others = byGroup.get(one.proposal.group) ?? [];
    byGroup.set(one.proposal.group, others);
    return keep(one, others);
  });
  if (joinEdits(editsOf([...settled, ...kept])) !== null) return kept;
  const all = [...settled];
  return kept.filter((one) => keep(one, all));
}

interface Blame {
  readonly reason: string;
  /** No other way would do either. */
  readonly final: boolean;
}

type Verdict = { readonly after: Reading } | { readonly blamed: ReadonlyMap<Proposal, Blame>; readonly other: Blame };

async function verify({ read, before, open }: Trial, attempts: readonly Attempt[]): Promise<Verdict> {
  const made = attempts.map(({ proposal }) => proposal);
  const edits = joinEdits(attempts.map((one) => toTried(one).edits)) ?? [];
  const after = await readKnown(read, applyEdits(before.texts, edits));
  if (typeof after === "string") return { blamed: new Map(), other: { reason: after, final: false } };
  const mismatches = before.compare(after, made, open);
  const stillOpen = new Set(after.results.filter(({ status }) => status === "fail" || status === "unknown").map(findingKey));
  const blamed = new Map<Proposal, Blame>();
  for (const proposal of made) {
    const mismatch = mismatches.find(({ group }) => group === proposal.group);
    if (mismatch !== undefined) blamed.set(proposal, { reason: proposal.reason ?? mismatch.reason, final: false });
    else if (mismatches.length === 0 && stillOpen.has(findingKey(proposal.finding))) blamed.set(proposal, { reason: "by itself it would not be enough", final: true });
  }
  if (blamed.size > 0) return { blamed, other: { reason: "", final: false } };
  const [stranger] = mismatches;
  if (stranger !== undefined) return { blamed, other: { reason: stranger.reason, final: false } };
  const fresh = findNewFault(before.results, after.results);
  if (fresh === null) return { after };
  const other = { reason: `it would bring ${fresh.policy} for ${fresh.resource.name ?? fresh.resource.kind}`, final: true };
  return { blamed: new Map(made.filter(({ finding }) => finding.resource.id === fresh.resource.id).map((proposal) => [proposal, other])), other };
}

async function readKnown(read: Read, texts: ReadonlyMap<string, string>): Promise<Reading | string> {
  try {
    return await read(texts);
  } catch (error) {
    if (error instanceof HardenError) return `the files could not be read any more: ${error.message}`;
    throw error;
  }
}

/** A policy that has more to say of a resource than before, if any: elements may come to bear another name by what they are given. */
function findNewFault(before: readonly Result[], after: readonly Result[]): Result | null {
  const counts = new Map<string, number>();
  const count = (result: Result, by: number): number => {
    const key = `${result.policy} ${result.resource.id ?? ""}`;
    const sum = (counts.get(key) ?? 0) + (result.status === "fail" || result.status === "unknown" ? by : 0);
    counts.set(key, sum);
    return sum;
  };
  for (const result of before) count(result, 1);
  let found: Result | null = null;
  for (const result of after) if (count(result, -1) < 0) found ??= result;
  return found;
}
