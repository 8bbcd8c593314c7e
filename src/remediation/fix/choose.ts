/** Which fixes are tried at the same time. */
import { compareSeverity } from "../../policy/compile.ts";
import type { Proposal } from "./model.ts";

/**
 * The worst first; of one group either several that only put something in, each policy in keys of its own, or what one policy takes away,
 * from which more may follow than its own finding speaks of. What others complete waits for them.
 */
export function chooseBatch(proposals: readonly Proposal[]): Proposal[] {
  const early = proposals.filter(({ late }) => !late);
  const sorted = [...(early.length > 0 ? early : proposals)].sort((a, b) => compareSeverity(b.finding.severity, a.finding.severity));
  const groups = new Map<string, { readonly alone: string | null; readonly keys: Map<string, string> }>();
  return sorted.filter(({ group, alone, keys, finding: { policy } }) => {
    const chosen = groups.get(group) ?? { alone: alone ? policy : null, keys: new Map<string, string>() };
    groups.set(group, chosen);
    if (chosen.alone !== (alone ? policy : null)) return false;
    if (keys.some((key) => (chosen.keys.get(key) ?? policy) !== policy)) return false;
    for (const key of keys) chosen.keys.set(key, policy);
    return true;
  });
}
