/** Conditions on what came before: -m limit, hashlimit, connlimit, recent. */
import type { HistoryTest, Limit, LimitKey, Test } from "../../firewall/tests.ts";
import type { ConnlimitMatch, HashlimitMatch, LimitMatch, RecentMatch } from "../../rate-matches.ts";
import { always, never } from "../tests.ts";

export function lowerLimit({ rate, burst }: LimitMatch, text: string): HistoryTest {
  const limit: Limit = { measure: "rate", amount: rate.amount, unit: rate.unit, perSeconds: rate.perSeconds, burst, keys: [], sourcePrefix: null, text };
  return { kind: "history", is: "within", limit };
}

const hashKeys: Readonly<Record<string, LimitKey>> = { srcip: "source", srcport: "sourcePort", dstip: "destination", dstport: "destinationPort" };

export function lowerHashlimit({ above, rate, burst, keys, sourcePrefix }: HashlimitMatch, text: string): HistoryTest {
  const bySource = keys.includes("srcip");
  const limit: Limit = {
    measure: "rate",
    amount: rate.amount,
    unit: rate.unit,
    perSeconds: rate.perSeconds,
    burst,
    keys: keys.map((key) => hashKeys[key] ?? "other"),
    sourcePrefix: bySource ? sourcePrefix : null,
    text,
  };
  return { kind: "history", is: above ? "beyond" : "within", limit };
}

export function lowerConnlimit({ above, count, prefix, by }: ConnlimitMatch, text: string): HistoryTest {
  const limit: Limit = { measure: "connections", amount: count, unit: "packets", perSeconds: null, burst: null, keys: [by], sourcePrefix: by === "source" ? prefix : null, text };
  return { kind: "history", is: above ? "beyond" : "within", limit };
}

/** Whether an address was noted before, by rules that note it: `--set` itself always matches. */
export function lowerRecent({ action, negated, seconds, hitcount, by }: RecentMatch, text: string): Test {
  if (action === "set") return negated ? never : always;
  const limit: Limit = { measure: "seen", amount: hitcount ?? 1, unit: "packets", perSeconds: seconds, burst: null, keys: [by], sourcePrefix: null, text };
  return { kind: "history", is: negated ? "within" : "beyond", limit };
}
