/** What a plain scalar means to Compose's YAML library (go.yaml.in/yaml/v4): YAML 1.2's core with octals, underscores and dates. */
import type { Scalar } from "../node.ts";

export interface ResolvedScalar {
  readonly value: Scalar;
  /** A number that is no integer to Compose, even if it has no fraction. */
  readonly float: boolean;
  /** A number or date as Go prints it, where that is not how JavaScript does or how it was written. */
  readonly printed?: string;
}

const WORDS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);

const FLOAT_WORDS: ReadonlyMap<string, number> = new Map([
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
  ["-0", -0],
  ["-0.0", -0],
]);

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)$/;

export function resolveScalar(text: string): ResolvedScalar {
  const word = WORDS.get(text);
  if (word !== undefined) return { value: word, float: false };
  const special = FLOAT_WORDS.get(text);
  if (special !== undefined) return { value: special, float: true };
  if (!/^[-+.0-9]/.test(text)) return { value: text, float: false };
  const date = printDate(text);
  if (date !== null) return { value: text, float: false, printed: date };
  const plain = text.startsWith(".") ? text : text.replaceAll("_", "");
  return resolveInteger(plain) ?? (FLOAT.test(plain) ? resolveFloat(Number(plain)) : { value: text, float: false });
}

function resolveInteger(plain: string): ResolvedScalar | null {
  const [, sign = "", digits] = INTEGER.exec(plain) ?? [];
  if (digits === undefined) return null;
  // Go reads a leading zero as octal; JavaScript wants 0o.
  const absolute = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase());
  const exact = sign === "-" ? -absolute : absolute;
  if (exact < -(2n ** 63n) || exact >= 2n ** 64n) return null;
  const value = Number(exact);
  return Number.isSafeInteger(value) ? { value, float: false } : { value, float: false, printed: exact.toString() };
}

function resolveFloat(value: number): ResolvedScalar {
  const printed = printFloat(value);
  return printed === String(value) ? { value, float: true } : { value, float: true, printed };
}

/** Go's `%v` of a float64: exponents below -4 and from 21 on, with at least two digits. */
function printFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 21) return String(value);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]| )(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?(Z|[-+]\d\d:\d\d)?)?$/;

/** Dates are dates to Compose, which prints them in Go's own form; null for any other text. */
function printDate(text: string): string | null {
  const [, year = "", month = "", day = "", hour = "0", minute = "0", second = "0", fraction = "", zone] = DATE.exec(text) ?? [];
  if (year === "" || (text.includes(" ") ? zone !== undefined : hour !== "0" && text.includes(":") && zone === undefined)) return null;
  const two = (part: string): string => part.padStart(2, "0");
  const date = new Date(`${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}Z`);
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) return null;
  const digits = fraction.replace(/0+$/, "");
  const offset = zone === undefined || zone === "Z" ? null : zone.replace(":", "");
  const time = `${two(hour)}:${two(minute)}:${two(second)}${digits === "" ? "" : `.${digits}`}`;
  return `${year}-${two(month)}-${two(day)} ${time} ${offset === null ? "+0000 UTC" : offset === "+0000" ? "+0000 +0000" : `${offset} ${offset}`}`;
}
