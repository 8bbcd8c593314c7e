/** How long the hash chains of connection tracking get: its limit divided by its buckets. */
import type { Part } from "../part.ts";
import { parseKernelNumber } from "./kernel-number.ts";
import type { Reading } from "./running.ts";

export const BUCKETS_KEY = "net.netfilter.nf_conntrack_buckets";
export const MAXIMUM_KEY = "net.netfilter.nf_conntrack_max";

/** Null where either does not exist; unknown where either is not known. `at` is the pointer of the value. */
export function divideByBuckets(maximum: Reading, buckets: Reading, at: string): Part<number | null> {
  const unknown = [maximum, buckets].map(reasonOf).find((reason) => reason !== null);
  if (unknown !== undefined) return { value: null, unknown: { [at]: unknown } };
  const [limit, size] = [maximum, buckets].map((reading) => (typeof reading === "object" && "value" in reading ? parseKernelNumber(reading.value) : null));
  return { value: limit === null || limit === undefined || size === null || size === undefined || size <= 0 ? null : limit / size };
}

function reasonOf(reading: Reading): string | null {
  if (reading === "unreadable") return "nf_conntrack_max or nf_conntrack_buckets could not be read";
  return typeof reading === "object" && "unknown" in reading ? reading.unknown : null;
}
