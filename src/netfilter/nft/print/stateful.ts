/** Writes what keeps state. */
import type { NftLimit, NftStateful } from "../terms.ts";

export function printStateful(statement: NftStateful): string {
  switch (statement.kind) {
    case "counter":
      return `counter packets ${statement.packets} bytes ${statement.bytes}`;
    case "limit":
      return printLimit(statement.limit);
    case "quota":
      return `quota ${statement.quota.over ? "over " : ""}${statement.quota.bytes} bytes`;
    case "ct-count":
      return `ct count ${statement.over ? "over " : ""}${statement.count}`;
  }
}

const UNITS: Readonly<Record<number, string>> = { 1: "second", 60: "minute", 3600: "hour", 86400: "day", 604800: "week" };

function printLimit({ amount, unit, perSeconds, burst, over }: NftLimit): string {
  const rate = `${amount}${unit === "bytes" ? " bytes" : ""}/${UNITS[perSeconds] ?? "second"}`;
  return `limit rate ${over ? "over " : ""}${rate}${burst > 0 ? ` burst ${burst} ${unit}` : ""}`;
}
