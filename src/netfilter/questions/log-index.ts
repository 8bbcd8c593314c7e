/** The first of many logs that asks for nothing but what a rule asks for, without looking at each. */
import type { Rule } from "../firewall/model.ts";

interface Log {
  readonly rule: Rule;
  readonly asks: readonly string[];
  /** Its place among the logs. */
  readonly place: number;
}

export interface LogIndex {
  readonly add: (rule: Rule, asks: readonly string[]) => void;
  /** Undefined where no log that was added is content with these conditions. */
  readonly findFirst: (asked: ReadonlySet<string>) => Rule | undefined;
}

/** Each log lies with one of its conditions, the one that fewest others lie with: whoever does not ask for that one need not look at it. */
export function createLogIndex(): LogIndex {
  const unconditional: Log[] = [];
  const byCondition = new Map<string, Log[]>();
  let count = 0;

  function shelfFor(asks: readonly string[]): Log[] {
    const [first, ...others] = asks;
    if (first === undefined) return unconditional;
    const size = (condition: string): number => byCondition.get(condition)?.length ?? 0;
    const rarest = others.reduce((best, condition) => (size(condition) < size(best) ? condition : best), first);
    const shelf = byCondition.get(rarest) ?? [];
    byCondition.set(rarest, shelf);
    return shelf;
  }

  return {
    add: (rule, asks) => {
      shelfFor(asks).push({ rule, asks, place: count++ });
    },
    findFirst: (asked) => {
      let [best] = unconditional;
      for (const condition of asked) {
        const found = byCondition.get(condition)?.find(({ asks }) => asks.every((one) => asked.has(one)));
        if (found !== undefined && found.place < (best?.place ?? Infinity)) best = found;
      }
      return best?.rule;
    },
  };
}
