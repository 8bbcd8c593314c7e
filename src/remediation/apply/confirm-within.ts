/** `--confirm-within 60s|off`. */
import { HardenError } from "../../errors.ts";

/** Over SSH, unless it is said otherwise. */
export const DEFAULT_SECONDS = 60;

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
/** Longer than anybody waits; a timer of Node's goes no further than 24 days. */
const MAXIMUM = 24 * 3600;

/** Seconds; null for `off`. Throws HardenError. */
export function readConfirmWithin(text: string): number | null {
  if (text === "off") return null;
  const [, number, unit = ""] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? 0);
  if (number === undefined || seconds < 1 || seconds > MAXIMUM) {
    throw new HardenError(`--confirm-within is ${JSON.stringify(text)}, no time from 1s to 24h and not off`, { hint: "for example 90s, 5m, 1h or off" });
  }
  return seconds;
}
