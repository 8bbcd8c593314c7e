/** The options that a rule gives to one extension, and how a builder reads them. */
import type { Negatable } from "../terms.ts";

export interface Option {
  readonly name: string;
  readonly negated: boolean;
  readonly values: readonly string[];
}

/**
 * An extension: the options it knows, each with its number of values, and what they mean together. The builder throws
 * `Unmodelled` where it meets a value or a combination that it does not know.
 */
export interface Extension<T> {
  readonly options: Readonly<Record<string, number>>;
  readonly build: (given: readonly Option[], family: 4 | 6) => T;
}

/** Thrown by builders only and caught where a match or target is built, which then becomes opaque. */
export class Unmodelled extends Error {}

/** The option of that name, or of one of its other spellings; null if the rule does not give it. */
export function find(given: readonly Option[], ...names: readonly string[]): Option | null {
  const found = given.filter((option) => names.includes(option.name));
  if (found.length > 1) throw new Unmodelled(`${names.join(", ")} twice`);
  return found[0] ?? null;
}

/** The converted value of an option that `!` may stand before. */
export function negatable<T>(option: Option | null, convert: (first: string, second: string) => T): Negatable<T> | null {
  if (option === null) return null;
  return { negated: option.negated, value: convert(option.values[0] ?? "", option.values[1] ?? "") };
}

/** The converted value of an option that cannot be negated. */
export function plain<T>(option: Option | null, convert: (value: string) => T): T | null {
  if (option === null) return null;
  if (option.negated) throw new Unmodelled(`! ${option.name}`);
  return convert(option.values[0] ?? "");
}

/** Whether an option without value and negation is given. */
export function isGiven(option: Option | null): boolean {
  return plain(option, () => true) ?? false;
}

/** True, false (`!`) or null (not given), of an option without value. */
export function demanded(option: Option | null): boolean | null {
  return option === null ? null : !option.negated;
}

/** The value, which must be there for the extension to mean anything. */
export function required<T>(value: T | null): T {
  if (value === null) throw new Unmodelled("an option is missing");
  return value;
}
