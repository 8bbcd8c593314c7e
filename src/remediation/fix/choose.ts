/** Which fixes are tried at the same time. */
import { compareSeverity } from "../../policy/compile.ts";
import type { Proposal } from "./model.ts";

/**
 * The worst first; of one group either several that only put in different keys, or what one policy takes away, from which more may follow than
 * its own finding speaks of. What others complete waits for them.
 */
export function chooseBatch(proposals: readonly Proposal[]): Proposal[] {
  const early = proposals.filter(({ late }) => !late);
  const sorted = [...(early.length > 0 ? early : proposals)].sort((a, b) => compareSeverity(b.finding.severity, a.finding.severity));
  const groups = new Map<string, { readonly policy: string | null; readonly keys: Set<string> }>();
  return sorted.filter(({ group, alone, keys, finding: { policy } }) => {
    const chosen = groups.get(group);
    if (chosen === undefined) {
      groups.set(group, { policy: alone ? policy : null, keys: new Set(keys) });
      return true;
    }
    if (chosen.policy !== null || alone) return chosen.policy === policy;
    if (keys.some((key) => chosen.keys.has(key))) return false;
    for (const key of keys) chosen.keys.add(key);
    return true;
  });
}
