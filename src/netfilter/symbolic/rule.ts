/** What one rule does with a set of sources. */
import type { Act } from "../firewall/acts.ts";
import type { Rule, Step, Table } from "../firewall/model.ts";
import type { Test } from "../firewall/tests.ts";
import { changeMark } from "../walk/mark.ts";
import type { End } from "../walk/run.ts";
import { synproxyEnd } from "../walk/synproxy.ts";
import type { Branch, ChainState, Exit, Leaf } from "./branch.ts";
import { split, type SplitContext } from "./split.ts";

export interface RuleContext {
  readonly table: Table;
  readonly isInert: (steps: readonly Step[], table: Table) => boolean;
  readonly splitContext: (rule: Rule, state: ChainState) => SplitContext;
  /** What another chain of the table does with the branch; null where there is no such chain. */
  readonly call: (chain: string, branch: Branch) => readonly Leaf[] | null;
}

export interface Applied {
  /** Go on to the next rule. */
  readonly stay: Branch[];
  readonly leaves: Leaf[];
}

type Take = (branch: Branch) => void;

/** The branch goes through the steps in order; what fails a test leaves the rule. */
export function applyRule(rule: Rule, branch: Branch, context: RuleContext): Applied {
  const applied: Applied = { stay: [], leaves: [] };
  takeSteps(rule, 0, branch, context, applied);
  return applied;
}

function takeSteps(rule: Rule, from: number, branch: Branch, context: RuleContext, applied: Applied): void {
  const step = rule.steps[from];
  const goOn: Take = (passed) => { takeSteps(rule, from + 1, passed, context, applied); };
  const leave: Take = (failed) => { applied.stay.push(failed); };
  if (step === undefined) leave(branch);
  else if (step.kind === "act") takeAct(rule, step.act, branch, context, applied, goOn);
  else takeTest(rule, step.test, branch, context, () => context.isInert(rule.steps.slice(from + 1), context.table), goOn, leave);
}

/** Where something hangs on it, sources for which the test is undecided go both ways, each with the assumption. */
function takeTest(rule: Rule, test: Test, branch: Branch, context: RuleContext, isInert: () => boolean, pass: Take, fail: Take): void {
  const { yes, no, maybe, question } = split(test, branch.sources, context.splitContext(rule, branch.state));
  if (no.length > 0) fail(no === branch.sources ? branch : { ...branch, sources: no });
  if (question !== null && maybe.length > 0) {
    const assume = (answer: boolean): Branch => ({ ...branch, sources: maybe, assumptions: [...branch.assumptions, { question, rule, answer }] });
    if (isInert()) fail({ ...branch, sources: maybe });
    else {
      fail(assume(false));
      pass(assume(true));
    }
  }
  if (yes.length > 0) pass(yes === branch.sources ? branch : { ...branch, sources: yes });
}

function takeTests(rule: Rule, tests: readonly Test[], from: number, branch: Branch, context: RuleContext, isInert: () => boolean, pass: Take, fail: Take): void {
  const test = tests[from];
  if (test === undefined) pass(branch);
  else takeTest(rule, test, branch, context, isInert, (passed) => { takeTests(rule, tests, from + 1, passed, context, isInert, pass, fail); }, fail);
}

/** Of a map the first entry that is met; what meets none leaves the rule. */
function takeAct(rule: Rule, act: Act, branch: Branch, context: RuleContext, applied: Applied, goOn: Take): void {
  if (act.kind !== "map") {
    const after = perform(rule, act, branch, context, applied);
    if (after !== null) goOn(after);
    return;
  }
  const isInert = (): boolean => context.isInert([{ kind: "act", act }], context.table);
  let open: Branch[] = [branch];
  for (const entry of act.entries) {
    const left: Branch[] = [];
    for (const one of open) {
      takeTests(rule, entry.when, 0, one, context, isInert, (met) => { takeAct(rule, entry.act, met, context, applied, goOn); }, (failed) => { left.push(failed); });
    }
    open = left;
    if (open.length === 0) return;
  }
  applied.stay.push(...open);
}

/** What goes on to the next step; null: nothing. */
function perform(rule: Rule, act: Exclude<Act, { readonly kind: "map" }>, branch: Branch, context: RuleContext, applied: Applied): Branch | null {
  const leave = (exit: Exit): null => {
    applied.leaves.push({ ...branch, exit, rule, through: null });
    return null;
  };
  const end = (verdict: End["verdict"], reason: string): null => leave({ kind: "end", end: { verdict, reason } });
  switch (act.kind) {
    case "accept":
      return leave({ kind: "accept" });
    case "return":
      return leave({ kind: "through" });
    case "drop":
      return end("drop", rule.source.text);
    case "reject":
      return end("reject", `with ${act.with}`);
    case "queue":
      return end("unknown", `a program decides (${rule.source.text})`);
    case "opaque":
      return end("unknown", `what ${act.text} does is not understood`);
    case "nat":
      return leave({ kind: "nat", act, rule });
    case "jump":
    case "goto": {
      const called = context.call(act.chain, branch);
      if (called === null) return end("unknown", `there is no chain ${act.chain}`);
      for (const leaf of called) {
        if (leaf.exit.kind !== "through" || act.kind === "goto") applied.leaves.push(leaf);
        else applied.stay.push({ sources: leaf.sources, state: leaf.state, assumptions: leaf.assumptions });
      }
      return null;
    }
    case "synproxy": {
      const { tcpFlags } = context.splitContext(rule, branch.state).flow;
      const answer = synproxyEnd(tcpFlags);
      return answer === null ? branch : leave({ kind: "end", end: answer });
    }
    case "mark":
      return { ...branch, state: changeMark(branch.state, act) };
    case "notrack":
      return { ...branch, state: { ...branch.state, untracked: true } };
    case "log":
    case "continue":
      return branch;
  }
}
