/** What a plain scalar means to Compose's YAML library (go.yaml.in/yaml/v4): YAML 1.2's core with octals, underscores and dates. */
import type { Scalar } from "../node.ts";

export interface ResolvedScalar {
  readonly value: Scalar;
  /** A number that is no integer to Compose, even if it has no fraction. */
  readonly float: boolean;
  /** A number as Go prints it, where JavaScript prints it otherwise. */
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
