/** How many questions are asked at most: on a host with hundreds of networks there are more ways than anyone looks at. */
import type { Firewall } from "../../netfilter/index.ts";

export interface Budget {
  /** Whether that many more questions may be asked; if so they count as asked. Where `count` tells how many they are it is called only if `least` of them may be. */
  readonly take: (least: number, count?: () => number) => boolean;
  /** How often the answer was no. */
  readonly refused: () => number;
}

/** Rules that all questions together may meet, about a second's worth. Counted, not timed: the same snapshot gives the same table. */
export const MOST_RULES = 2_000_000;

/** What routing and the rest of a walk cost, in rules. */
const COST_OF_A_WALK = 100;

export function openBudget({ tables }: Firewall, mostRules: number): Budget {
  const rules = tables.reduce((sum, { chains }) => sum + [...chains.values()].reduce((count, chain) => count + chain.rules.length, 0), 0);
  let left = Math.floor(mostRules / (rules + COST_OF_A_WALK));
  let refused = 0;
  return {
    take: (least, count = () => least) => {
      const questions = least <= left ? count() : least;
      const isGranted = questions <= left;
      if (isGranted) left -= questions;
      else refused++;
      return isGranted;
    },
    refused: () => refused,
  };
}
