/** Whether what steps claim to close would be closed. */
import { deriveFacts } from "../../facts/derive.ts";
import { type Tell, TELL_NOBODY } from "../../facts/tell.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { evaluatePolicies } from "../../policy/evaluate.ts";
import type { Result } from "../../policy/model/report.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import type { Finding, Step } from "../model.ts";
import { openFinder } from "../still-open.ts";

export interface StillOpen {
  step: string;
  finding: Finding;
  reason: string;
}

/** Claimed findings that the policies still give on the snapshot `after` the steps, or of which they cannot tell. */
export function findStillOpen(steps: readonly Step[], after: Snapshot, policies: readonly CompiledPolicy[], tell: Tell = TELL_NOBODY): readonly StillOpen[] {
  const claimed = new Set(steps.flatMap(({ findings }) => findings.map(({ policy }) => policy)));
  const concerned = policies.filter(({ policy }) => claimed.has(policy.id));
  const results = evaluatePolicies(concerned, deriveFacts(after, concerned.map(({ policy }) => policy.target), tell));
  const findOpen = openFinder(results);
  return steps.flatMap(({ id, findings }) => findings.flatMap((finding) => {
    const result = findOpen(finding);
    return result === undefined ? [] : [{ step: id, finding, reason: reasonOf(result) }];
  }));
}

/** The steps without what they would not close. */
export function withoutClaims(steps: readonly Step[], open: readonly StillOpen[]): Step[] {
  const claims = new Set(open.map(({ step, finding }) => `${step} ${finding.fingerprint}`));
  return steps.map((step) => ({ ...step, findings: step.findings.filter(({ fingerprint }) => !claims.has(`${step.id} ${fingerprint}`)) }));
}

function reasonOf({ message, title }: Result): string {
  return message === "" ? title : message;
}
