/** Rule after rule with the sources that are left. Near linear in the rules, as most of them are about few sources. */
import { leadingTests } from "../firewall/leading-tests.ts";
import type { Rule } from "../firewall/model.ts";
import { uniteAll } from "../sets/intervals.ts";
import type { Branch, Leaf, Sources } from "./branch.ts";
import { keyOfBranch, mergeBranches } from "./merge-branches.ts";
import { type Patched, patchable, replace, restrict, settle } from "./patched.ts";
import { applyRule, type RuleContext } from "./rule.ts";
import { type SplitContext, varying } from "./split.ts";

/** Ways that are kept apart at once; those beyond that hang on answers are unknown. */
const mostBranches = 512;

/** What becomes of the branch. */
export function walkRules(rules: readonly Rule[], start: Branch, context: RuleContext): readonly Leaf[] {
  const leaves: Leaf[] = [];
  let open: readonly Open[] = [openBranch(start)];
  for (const rule of rules) {
    const sources = sourcesOf(rule, context.splitContext(rule, start.state));
    open = sources === null ? takeAll(rule, open, context, leaves) : takeFew(rule, sources, open, context, leaves);
    if (open.length > mostBranches) open = giveUp(rule, open, leaves);
    if (open.length === 0) break;
  }
  leaves.push(...open.flatMap(settleBranch).map((branch): Leaf => ({ ...branch, exit: { kind: "through" }, rule: null, through: null })));
  return leaves;
}

/** A branch whose sources may be about to change. */
interface Open {
  readonly branch: Branch;
  readonly sources: Patched;
}

function openBranch(branch: Branch): Open {
  return { branch, sources: patchable(branch.sources) };
}

/** None where no source is left. */
function settleBranch({ branch, sources }: Open): readonly Branch[] {
  const settled = settle(sources);
  if (settled.length === 0) return [];
  return [settled === branch.sources ? branch : { ...branch, sources: settled }];
}

function takeAll(rule: Rule, open: readonly Open[], context: RuleContext, leaves: Leaf[]): readonly Open[] {
  const stay = open.flatMap(settleBranch).flatMap((branch) => {
    const applied = applyRule(rule, branch, context);
    leaves.push(...applied.leaves);
    return applied.stay;
  });
  return (stay.length < 2 ? stay : mergeBranches(stay)).map(openBranch);
}

/** Of a rule that asks for these sources alone: to all others nothing is done. */
function takeFew(rule: Rule, asked: Sources, open: readonly Open[], context: RuleContext, leaves: Leaf[]): readonly Open[] {
  const left: Open[] = [];
  const changed: Branch[] = [];
  for (const one of open) {
    const part = restrict(one.sources, asked);
    if (part.length === 0) {
      left.push(one);
      continue;
    }
    const { state, assumptions } = one.branch;
    const applied = applyRule(rule, { sources: part, state, assumptions }, context);
    leaves.push(...applied.leaves);
    const isSame = (branch: Branch): boolean => branch.state === state && branch.assumptions === assumptions;
    const [same, other] = [applied.stay.filter(isSame), applied.stay.filter((branch) => !isSame(branch))];
    const kept = same.length === 1 ? (same[0]?.sources ?? []) : uniteAll(same.map(({ sources }) => sources));
    left.push(kept === part ? one : { branch: one.branch, sources: replace(one.sources, part, kept) });
    changed.push(...other);
  }
  return changed.length === 0 ? left : join(left, changed);
}

/** Where nothing hangs on an answer, branches in the same state are one; else all are compared. */
function join(left: readonly Open[], changed: readonly Branch[]): readonly Open[] {
  if ([...left.map(({ branch }) => branch), ...changed].some(({ assumptions }) => assumptions.length > 0)) {
    const all = [...left.flatMap(settleBranch), ...changed];
    return (all.length < 2 ? all : mergeBranches(all)).map(openBranch);
  }
  const byKey = new Map(left.map((one) => [keyOfBranch(one.branch), one]));
  for (const branch of changed) {
    const key = keyOfBranch(branch);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? openBranch(branch) : { branch: known.branch, sources: replace(known.sources, branch.sources, branch.sources) });
  }
  return [...byKey.values()];
}

/** Those for which nothing is open go on, unless they alone are too many. */
function giveUp(rule: Rule, open: readonly Open[], leaves: Leaf[]): readonly Open[] {
  const certain = open.filter(({ branch }) => branch.assumptions.length === 0);
  const kept = certain.length > mostBranches ? [] : certain;
  for (const branch of open.filter((one) => !kept.includes(one)).flatMap(settleBranch)) {
    leaves.push({ ...branch, rule, through: null, exit: { kind: "end", end: { verdict: "unknown", reason: "too much is open to follow every way" } } });
  }
  return kept;
}

/** The sources for which the rule does anything or asks anything that is told; null where that is not plain to see. */
function sourcesOf(rule: Rule, { flow, symbol }: Pick<SplitContext, "flow" | "symbol">): Sources | null {
  for (const test of leadingTests(rule)) {
    if (test.kind === "address" && test.family === flow.family && varying(test.field, flow) === symbol) return test.set;
  }
  return null;
}
