/** One base chain: rules in order, jumps with a stack, as ipt_do_table and nft_do_chain do it. */
import { RulesetError } from "../errors.ts";
import type { Act } from "../firewall/acts.ts";
import type { Chain, Rule, Table } from "../firewall/model.ts";
import type { Test } from "../firewall/tests.ts";
import { candidates } from "./candidates.ts";
import { evaluate } from "./evaluate.ts";
import { describeAct } from "./hops.ts";
import { setMark } from "./mark.ts";
import type { PlacedChain } from "./prepare.ts";
import { circumstancesOf, type End, type Run } from "./run.ts";
import { synproxyEnd } from "./synproxy.ts";
import { translate } from "./translate.ts";

/** Null: accepted, so the next base chain is asked. */
export function walkChain(run: Run, { table, chain, base }: PlacedChain): End | null {
  const stack = [enter(chain, run)];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const rule = top.rules[top.next++];
    if (rule === undefined) {
      stack.pop();
      continue;
    }
    if (run.budget-- <= 0) throw new RulesetError(`chain ${top.chain.name} is met too often: its callers jump to it many times over`, rule.source.line ?? 0, null, rule.source.origin);
    const step = walkRule(run, rule, table);
    if (step === null) continue;
    switch (step.kind) {
      case "accept":
        return null;
      case "end":
        return step.end;
      case "return":
        stack.pop();
        break;
      case "goto":
        stack.pop();
        stack.push(enter(step.chain, run));
        break;
      case "jump":
        stack.push(enter(step.chain, run));
        break;
    }
  }
  run.hops.push({
    hook: run.hook, family: table.family, table: table.name, chain: chain.name, rule: null, source: null,
    action: `policy ${base.policy}`,
    why: `no rule of ${chain.name} decides`,
    open: null,
  });
  return base.policy === "accept" ? null : { verdict: "drop", reason: `policy of ${table.name} ${chain.name}` };
}

interface Frame {
  readonly chain: Chain;
  readonly rules: readonly Rule[];
  next: number;
}

/** Addresses and ports stay as they are while a packet is in a base chain: what translates it ends the chain. */
function enter(chain: Chain, { flow }: Run): Frame {
  return { chain, rules: candidates(chain, flow), next: 0 };
}

/** What a rule does to the way through its chain; null: the next rule. */
type Turn =
  | { readonly kind: "accept" | "return" }
  | { readonly kind: "end"; readonly end: End }
  | { readonly kind: "jump" | "goto"; readonly chain: Chain };

function walkRule(run: Run, rule: Rule, table: Table): Turn | null {
  for (const [index, step] of rule.steps.entries()) {
    if (step.kind === "test") {
      if (!holds(run, rule, step.test, () => run.prepared.isInert(rule.steps.slice(index + 1), table))) return null;
      continue;
    }
    const act = choose(run, rule, step.act, table);
    if (act === null) return null;
    const turn = perform(run, rule, act, table);
    if (turn !== null) return turn;
  }
  if (!rule.steps.some(({ kind }) => kind === "act")) note(run, rule, "count");
  return null;
}

/** Where nothing hangs on it, an undecided test is taken to fail. */
function holds(run: Run, rule: Rule, test: Test, isInert: () => boolean): boolean {
  const truth = evaluate(test, run.flow, circumstancesOf(run, rule));
  if (typeof truth === "boolean") return truth;
  return isInert() ? false : run.choose(truth, rule);
}

/** The entry of a map that the packet meets; other acts are themselves. */
function choose(run: Run, rule: Rule, act: Act, table: Table): Act | null {
  if (act.kind !== "map") return act;
  const isInert = (): boolean => run.prepared.isInert([{ kind: "act", act }], table);
  const entry = act.entries.find(({ when }) => when.every((test) => holds(run, rule, test, isInert)));
  return entry === undefined ? null : choose(run, rule, entry.act, table);
}

function perform(run: Run, rule: Rule, act: Act, table: Table): Turn | null {
  const { flow } = run;
  if (act.kind !== "nat") note(run, rule, describeAct(act));
  switch (act.kind) {
    case "accept":
    case "return":
      return { kind: act.kind };
    case "drop":
      return end("drop", rule.source.text);
    case "reject":
      return end("reject", `with ${act.with}`);
    case "queue":
      return end("unknown", `a program decides (${rule.source.text})`);
    case "opaque":
      return end("unknown", `what ${act.text} does is not understood`);
    case "jump":
    case "goto": {
      const chain = table.chains.get(act.chain);
      return chain === undefined ? end("unknown", `there is no chain ${act.chain}`) : { kind: act.kind, chain };
    }
    case "synproxy": {
      const answer = synproxyEnd(flow.tcpFlags);
      return answer === null ? null : { kind: "end", end: answer };
    }
    case "mark":
      setMark(flow, act);
      return null;
    case "notrack":
      // What is tracked already stays so (nf_ct_is_template aside, xt_CT and nft_notrack look for it).
      if (flow.connection === null && flow.state === "INVALID") flow.state = "UNTRACKED";
      return null;
    case "nat": {
      const { action, end: ended } = translate(run, act, rule);
      note(run, rule, action);
      return ended === null ? { kind: "accept" } : { kind: "end", end: ended };
    }
    case "map":
    case "log":
    case "continue":
      return null;
  }
}

function end(verdict: End["verdict"], reason: string): Turn {
  return { kind: "end", end: { verdict, reason } };
}

function note(run: Run, { source }: Rule, action: string): void {
  run.hops.push({ hook: run.hook, family: source.family, table: source.table, chain: source.chain, rule: source.index, source, action, why: source.text, open: null });
}
