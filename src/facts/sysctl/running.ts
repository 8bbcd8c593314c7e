/** The running value of a sysctl as part of its resource. */
import type { Sysctl } from "../model/sysctl.ts";
import type { Part } from "../part.ts";
import type { Place } from "../resource.ts";
import { parseKernelNumber } from "./kernel-number.ts";

/** What was read of one key. `unknown`: whether it exists at all is not known, for the reason given. */
export type Reading = { readonly value: string } | "absent" | "unreadable" | { readonly unknown: string };

/** Of a map of values: null is a key that could not be read. */
export function readingOf(values: Readonly<Record<string, string | null>>, key: string): Reading {
  if (!Object.hasOwn(values, key)) return "absent";
  const value = values[key] ?? null;
  return value === null ? "unreadable" : { value };
}

export function describeRunning(reading: Reading, place: Place): Part<Pick<Sysctl, "exists" | "value" | "number">> {
  const origins = { "": place };
  if (reading === "absent") return { value: { exists: false, value: null, number: null }, origins };
  if (reading === "unreadable") {
    const reason = "the kernel has the key and did not let it be read";
    return { value: { exists: true, value: null, number: null }, origins, unknown: { "/value": reason, "/number": reason } };
  }
  if ("unknown" in reading) {
    const { unknown: reason } = reading;
    return { value: { exists: false, value: null, number: null }, origins, unknown: { "/exists": reason, "/value": reason, "/number": reason } };
  }
  return { value: { exists: true, value: reading.value, number: parseKernelNumber(reading.value) }, origins };
}
