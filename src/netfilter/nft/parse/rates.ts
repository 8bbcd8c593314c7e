/** Limits, quotas and counts: in rules, in elements of sets and as named objects. */
import type { NftLimit, NftQuota } from "../terms.ts";
import { numberOf, optionalBoolean, optionalNumber, optionalText, ShapeError, type Fields } from "./shape.ts";

/** Of a statement the units are `rate_unit` and `burst_unit`, of an object `unit` for both. Burst 5 unless written, as nft_limit of the kernel has it for packets. */
export function readLimit(body: Fields): NftLimit {
  const scale = scaleOf(body, optionalText(body, "rate_unit") ?? optionalText(body, "unit") ?? "packets");
  const unit = scale === null ? "packets" : "bytes";
  const burstScale = unit === "packets" ? 1 : (scaleOf(body, optionalText(body, "burst_unit") ?? optionalText(body, "unit") ?? "bytes") ?? 1);
  return {
    amount: numberOf(body, "rate") * (scale ?? 1),
    unit,
    perSeconds: secondsOf(body, optionalText(body, "per") ?? "second"),
    burst: (optionalNumber(body, "burst") ?? (unit === "packets" ? 5 : 0)) * burstScale,
    over: optionalBoolean(body, "inv"),
  };
}

/** Of a statement `val` and `val_unit`, of an object `bytes`. */
export function readQuota(body: Fields): NftQuota {
  const value = optionalNumber(body, "bytes") ?? numberOf(body, "val") * (scaleOf(body, optionalText(body, "val_unit") ?? "bytes") ?? 1);
  return { bytes: value, over: optionalBoolean(body, "inv") };
}

export function readCount(body: Fields): { readonly count: number; readonly over: boolean } {
  return { count: numberOf(body, "val"), over: optionalBoolean(body, "inv") };
}

const SCALES: Readonly<Record<string, number>> = { bytes: 1, kbytes: 1024, mbytes: 1024 ** 2, gbytes: 1024 ** 3 };
const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86400, week: 604800 };

/** Bytes of a unit; null for packets. */
function scaleOf(body: Fields, unit: string): number | null {
  if (unit === "packets") return null;
  const scale = SCALES[unit];
  if (scale === undefined) throw new ShapeError(`unknown unit "${unit}"`, body);
  return scale;
}

function secondsOf(body: Fields, per: string): number {
  const seconds = SECONDS[per];
  if (seconds === undefined) throw new ShapeError(`unknown time "${per}"`, body);
  return seconds;
}
