/** Whether what rules drop is logged before it is gone. */
import type { Firewall, Rule, RuleSource, Step } from "../firewall/model.ts";
import type { HistoryTest, Test } from "../firewall/tests.ts";
import { createLogIndex } from "./log-index.ts";

export interface Logging {
  /** Rules that drop or reject, of those that were asked about. */
  readonly drops: number;
  /** The first that no rule before it in its chain logs for. */
  readonly unlogged: RuleSource | null;
  /** Lines a minute at most; null: one of the logs has no limit, or there is none. */
  readonly linesPerMinute: number | null;
}

/**
 * A log counts for a drop if it stands before it in the same chain (or in the rule itself, as nft allows) and asks for nothing that the drop does not ask for, limits
 * aside. `concerns` chooses the rules that are asked about.
 */
export function askLogging({ tables }: Firewall, family: 4 | 6, concerns: (rule: Rule) => boolean): Logging {
  let drops = 0;
  let unlogged: RuleSource | null = null;
  const rates: (number | null)[] = [];
  for (const table of tables) {
    if (table.family !== "inet" && table.family !== (family === 4 ? "ip" : "ip6")) continue;
    for (const { rules } of table.chains.values()) {
      const logs = createLogIndex();
      let hasLogs = false;
      for (const rule of rules) {
        if (isLog(rule)) {
          logs.add(rule, conditionsOf(rule));
          hasLogs = true;
        }
        if (!rule.steps.some(isDrop) || !concerns(rule)) continue;
        drops++;
        const log = hasLogs ? logs.findFirst(new Set(conditionsOf(rule))) : undefined;
        if (log === undefined) unlogged ??= rule.source;
        else rates.push(rateOf(log));
      }
    }
  }
  const limits = rates.filter((rate) => rate !== null);
  return { drops, unlogged, linesPerMinute: limits.length === 0 || limits.length < rates.length ? null : limits.reduce((most, rate) => Math.max(most, rate)) };
}

function isDrop(step: Step): boolean {
  return step.kind === "act" && (step.act.kind === "drop" || step.act.kind === "reject");
}

function isLog({ steps }: Rule): boolean {
  return steps.some((step) => step.kind === "act" && step.act.kind === "log");
}

/** Tests of packets, each as text that is equal for equal tests. */
function conditionsOf({ steps }: Rule): string[] {
  return testsOf(steps).filter((test) => test.kind !== "history").map((test) => JSON.stringify(test, (_, value: unknown) => (typeof value === "bigint" ? `${String(value)}n` : value)));
}

function testsOf(steps: readonly Step[]): Test[] {
  return steps.flatMap((step) => (step.kind === "test" ? [step.test] : []));
}

function rateOf({ steps }: Rule): number | null {
  const limits = testsOf(steps).filter((test): test is HistoryTest => test.kind === "history" && test.is === "within");
  const rates = limits.flatMap(({ limit: { measure, amount, perSeconds } }) => (measure === "rate" && amount !== null && perSeconds !== null && perSeconds > 0 ? [(amount / perSeconds) * 60] : []));
  return rates.length === 0 ? null : Math.round(Math.min(...rates) * 1000) / 1000;
}
