/** What changes between two rule sets: packets newly denied, allowed, limited or no longer limited, each kind with a witness. */
import { DiagramTooLarge } from "../analysis/diagram.ts";
import { TooManyCalls } from "../analysis/functions.ts";
import { confirmChange, type Confirmed, type Judged, type Sent } from "./confirm.ts";
import { compareArrivals } from "./arrivals.ts";
import { listDoors } from "./doors.ts";
import type { Change, Difference, OpenQuestion } from "./model.ts";
import { searchStage } from "./search.ts";
import { pairStages } from "./sides.ts";

/** So many walks of witnesses at most; what is left then is said to be open. */
const MOST_WALKS = 4000;

/**
 * Every witness is confirmed by the plain walk through all hooks under both rule sets, which has the last word. Where chains differ and yet no packet was found that
 * fares differently, another rule or the routes may hide the difference: that is no change, and is not told apart from one that was not found, so that it stands in
 * `open`, with the rule. Networks may differ too (a sysctl); without one what depends on routing is unknown.
 */
export function compareFirewalls(before: Judged, after: Judged): Difference {
  const changes: Change[] = [...compareArrivals(before, after)];
  const open: OpenQuestion[] = [];
  const doors = [...listDoors(before.prepared.firewall), ...listDoors(after.prepared.firewall)];
  let walks = 0;
  for (const pair of pairStages(before.prepared.firewall, after.prepared.firewall)) {
    const { hook, family } = pair.stage;
    const confirm = (sent: Sent): Confirmed | null => {
      walks++;
      return confirmChange(before, after, sent);
    };
    const giveUp = (reason: string): void => { open.push({ family, hook, rule: null, reason }); };
    try {
      for (const found of searchStage(pair, { before, after, doors, confirm, isSpent: () => walks > MOST_WALKS })) {
        if (found.kind === "open") open.push({ family, hook, rule: found.rule, reason: found.reason });
        else changes.push({ family, hook, ...found.change });
      }
    } catch (error) {
      if (error instanceof DiagramTooLarge) giveUp(error.message);
      else if (error instanceof TooManyCalls) giveUp("its chains are called too often");
      else throw error;
    }
  }
  return { changes: withoutRepeats(changes), open };
}

/** A packet meets several hooks: the rule that makes one kind of difference is told once for each. */
function withoutRepeats(changes: readonly Change[]): readonly Change[] {
  const keyOf = ({ kind, family, hook, rule, side }: Change): string => JSON.stringify([kind, family, hook, side, rule === null ? null : [rule.table, rule.chain, rule.index]]);
  return [...new Map([...changes].reverse().map((change) => [keyOf(change), change])).values()].reverse();
}
