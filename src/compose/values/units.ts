/** Quantities as Compose writes them: sizes and durations. */

const POWERS: Readonly<Record<string, number>> = { k: 1, m: 2, g: 3, t: 4, p: 5 };

/** Bytes of `512m`, `1.5GiB`, `-1` (docker/go-units, RAMInBytes, and plain integers); null if it is no size. */
export function parseBytes(text: string): number | null {
  if (/^[-+]?[0-9]+$/.test(text)) return Number(text);
  const [, digits, suffix = ""] = /^\+?([0-9]*\.?[0-9]*) ?([a-zA-Z]*)$/.exec(text) ?? [];
  if (digits === undefined || !/[0-9]/.test(digits)) return null;
  if (suffix === "" || suffix.toLowerCase() === "b") return Math.trunc(Number(digits));
  const [, unit = "", rest = ""] = /^([kmgtp])(b|ib)?$/.exec(suffix.toLowerCase()) ?? [];
  const power = POWERS[unit];
  return power === undefined || rest.length > 2 ? null : Math.trunc(Number(digits) * 1024 ** power);
}

/** Whether it is a duration such as `1m30s` or `2w` (xhit/go-str2duration). */
export function isDuration(text: string): boolean {
  return /^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h|d|w))+)$/.test(text);
}
