/** Who takes the packets that a rule asks for, before they come to it. */
import type { Chain, Rule } from "../firewall/model.ts";
import { nothing, type PacketSet } from "./diagram.ts";
import type { Removal } from "./functions.ts";
import { targetsOf } from "./stages.ts";
import type { Survey } from "./survey.ts";
import type { Universe } from "./universe.ts";

/** More than that is looked at for no rule. */
const MOST_HIDERS = 20;
/** Seldom anything is hidden: for fewer rules than these a look at each removal costs less than the unions that spare it, which cost as much as the survey. */
const FEW_RULES = 16;
/** What hides a rule is seldom more. Of more, rules of its own chain that lead to them stand for them. */
const FEW = 3;

/**
 * Gives, for a rule to which none of these packets comes, a few rules that take them all, first ones first; and those that lead to its chain, if
 * they leave some away. `askedBy`: all packets that a rule asks for.
 */
export function findHiders({ diagrams }: Universe, { removals, before }: Survey, chain: Chain, askedBy: (rule: Rule) => PacketSet): (rule: Rule, asked: PacketSet) => readonly Rule[] {
  let forest: readonly Node[] | undefined;
  let rules = 0;
  return (rule, asked) => {
    rules++;
    if (forest === undefined || rules === FEW_RULES) forest = plant(removals, rules < FEW_RULES ? null : diagrams.or);
    const takers: Removal[] = [];
    let rest = asked;
    const visit = (node: Node, limit: number): void => {
      if (rest === nothing || node.from >= limit || takers.length >= MOST_HIDERS || diagrams.and(rest, node.set) === nothing) return;
      if (node.removal === null) {
        for (const child of node.children) visit(child, limit);
      } else if (appliesTo(node.removal.rule, rule)) {
        takers.push(node.removal);
        rest = diagrams.without(rest, node.removal.set);
      }
    };
    for (const node of forest) visit(node, before.get(rule) ?? removals.length);
    if (rest !== nothing) return [...nameFew(takers, rule), ...(takers.length >= MOST_HIDERS ? [] : callersOf(rule, before))];
    // What stands in the rule's own chain, or in the base chain, would take all that it asks for, had others not been before it.
    const sets = takers.map((taker) => ({ ...taker, set: [rule.source.chain, chain.name].includes(taker.rule.source.chain) ? askedBy(taker.rule) : taker.set }));
    return nameFew(leaveOut(sets, asked, diagrams), rule);
  };
}

function nameFew(takers: readonly Removal[], { source }: Rule): readonly Rule[] {
  if (takers.length <= FEW) return takers.map(({ rule }) => rule);
  return [...new Set(takers.map(({ rule, callers }) => callers.find((caller) => caller.source.chain === source.chain && caller.source.table === source.table) ?? rule))];
}

/** Without those that the others make superfluous. */
function leaveOut(takers: readonly Removal[], asked: PacketSet, { or, without }: Universe["diagrams"]): readonly Removal[] {
  let kept = takers;
  for (const taker of takers) {
    const others = kept.filter((one) => one !== taker);
    if (without(asked, others.reduce((set, one) => or(set, one.set), nothing)) === nothing) kept = others;
  }
  return kept;
}

/** A return leaves its own chain only. */
function appliesTo(taker: Rule, rule: Rule): boolean {
  const leavesChain = taker.steps.some((step) => step.kind === "act" && (step.act.kind === "return" || step.act.kind === "goto"));
  return !leavesChain || taker.source.chain === rule.source.chain;
}

function callersOf({ source }: Rule, before: ReadonlyMap<Rule, number>): readonly Rule[] {
  return [...before.keys()].filter((rule) => rule.source.table === source.table && targetsOf(rule).includes(source.chain)).slice(0, MOST_HIDERS);
}

/** Unions of halves: those that touch a set are found without a look at the others. */
interface Node {
  readonly set: PacketSet;
  readonly from: number;
  readonly removal: Removal | null;
  readonly children: readonly Node[];
}

/** Null: each removal by itself. */
function plant(removals: readonly Removal[], or: ((left: PacketSet, right: PacketSet) => PacketSet) | null): readonly Node[] {
  if (or === null) return removals.map((removal, from) => ({ set: removal.set, from, removal, children: [] }));
  const build = (from: number, to: number): Node => {
    const removal = removals[from];
    if (to - from === 1 && removal !== undefined) return { set: removal.set, from, removal, children: [] };
    const middle = (from + to) >> 1;
    const [left, right] = [build(from, middle), build(middle, to)];
    return { set: or(left.set, right.set), from, removal: null, children: [left, right] };
  };
  return removals.length === 0 ? [] : [build(0, removals.length)];
}
