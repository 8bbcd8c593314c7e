/** What the host would be like once a plan is done. */
import { deriveFacts } from "../../facts/derive.ts";
import { type Tell, TELL_NOBODY } from "../../facts/tell.ts";
import { RulesetError } from "../../netfilter/index.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import type { Plan, Proof } from "../model.ts";
import { compareAccesses } from "./accesses.ts";
import { takeFew } from "./few.ts";
import { findStillOpen, withoutClaims } from "./findings.ts";
import { comparePackets } from "./packets.ts";
import { planSnapshot } from "./planned-snapshot.ts";

/**
 * The plan with its proof: findings that would still be open are claimed no more. `snapshot`, `kinds` (of it; ports and rule sets are derived where they are
 * missing) and `policies` are those that the plan was made from. `tell` hears of what takes long.
 */
export function provePlan(plan: Plan, snapshot: Snapshot, kinds: DerivedKinds, policies: readonly CompiledPolicy[], tell: Tell = TELL_NOBODY): Plan {
  if (plan.steps.length === 0) return plan;
  try {
    const after = planSnapshot(snapshot, plan.steps);
    const open = findStillOpen(plan.steps, after, policies, tell);
    const packets = comparePackets(snapshot, after);
    const proof: Proof = {
      ...NOTHING, ...compareAccesses({ ...deriveFacts(snapshot, (["port", "ruleset"] as const).filter((kind) => kinds[kind] === undefined), tell), ...kinds }, after, tell), stillOpen: takeFew(open),
      ...(typeof packets === "string" ? { unproved: packets } : packets),
    };
    return { ...plan, steps: withoutClaims(plan.steps, open), proof };
  } catch (error) {
    if (!(error instanceof RulesetError)) throw error;
    return { ...plan, proof: { ...NOTHING, unproved: error.message } };
  }
}

const NOTHING: Proof = { unproved: null, stillOpen: takeFew([]), ports: { kept: 0, unknown: 0, changed: takeFew([]) }, containers: [], changes: takeFew([]), open: takeFew([]) };
