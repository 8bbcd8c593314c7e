/** Limits, quotas and counts as tests of what came before. */
import type { HistoryTest, Limit, LimitKey } from "../../firewall/tests.ts";
import { parseAddress, prefixLength } from "../../addresses.ts";
import type { NftExpression } from "../../nft/expressions.ts";
import { printExpression } from "../../nft/print/expression.ts";
import { printStateful } from "../../nft/print/stateful.ts";
import type { NftStateful } from "../../nft/terms.ts";

/** What a limit is kept for: all packets, or each value of a key. */
export interface Per {
  readonly keys: readonly LimitKey[];
  readonly sourcePrefix: number | null;
  readonly text: string;
}

export const perNothing: Per = { keys: [], sourcePrefix: null, text: "" };

/** Null for a counter, which every packet passes. */
export function lowerStateful(statement: NftStateful, per: Per): HistoryTest | null {
  const text = [per.text, printStateful(statement)].filter((part) => part !== "").join(" ");
  const base = { keys: per.keys, sourcePrefix: per.sourcePrefix, text, perSeconds: null, burst: null } as const;
  switch (statement.kind) {
    case "counter":
      return null;
    case "limit": {
      const { amount, unit, perSeconds, burst, over } = statement.limit;
      return test({ ...base, measure: "rate", amount, unit, perSeconds, burst }, over);
    }
    case "quota":
      return test({ ...base, measure: "quota", amount: statement.quota.bytes, unit: "bytes" }, statement.quota.over);
    case "ct-count":
      return test({ ...base, measure: "connections", amount: statement.count, unit: "packets" }, statement.over);
  }
}

/** Whether rules have added the key to a set before; `seconds` that it stays. */
export function wasAdded(per: Per, seconds: number | null): HistoryTest {
  return test({ ...per, measure: "seen", amount: 1, unit: "packets", perSeconds: seconds, burst: null }, true);
}

function test(limit: Limit, over: boolean): HistoryTest {
  return { kind: "history", is: over ? "beyond" : "within", limit };
}

/** The key of a set that counts for each of its elements. */
export function perKey(key: NftExpression, set: string): Per {
  const parts = key.kind === "concat" ? key.parts : [key];
  const prefixes = parts.map(sourcePrefixOf).filter((prefix) => prefix !== null);
  return { keys: parts.map(limitKey), sourcePrefix: prefixes[0] ?? null, text: `@${set} { ${printExpression(key)} }` };
}

function limitKey(part: NftExpression): LimitKey {
  const inner = unmasked(part);
  if (inner.kind !== "payload") return "other";
  switch (inner.field) {
    case "saddr":
      return inner.protocol.startsWith("ip") ? "source" : "other";
    case "daddr":
      return inner.protocol.startsWith("ip") ? "destination" : "other";
    case "sport":
      return "sourcePort";
    case "dport":
      return "destinationPort";
    default:
      return "other";
  }
}

/** How much of the source counts; null where it is no source, or the mask is no prefix. */
function sourcePrefixOf(part: NftExpression): number | null {
  if (limitKey(part) !== "source") return null;
  const inner = unmasked(part);
  const whole = inner.kind === "payload" && inner.protocol === "ip" ? 32 : 128;
  if (part.kind !== "binary") return whole;
  const mask = part.operands[1];
  const address = mask?.kind === "value" && typeof mask.value === "string" ? parseAddress(mask.value) : null;
  return address === null ? null : prefixLength(address);
}

function unmasked(part: NftExpression): NftExpression {
  return part.kind === "binary" && part.operator === "&" ? (part.operands[0] ?? part) : part;
}
