/** Shapes of the values in daemon.json, as Go's encoding/json and dockerd's own checks take them: `null` leaves a default as it is, but for a size. */
import { addressScope } from "../addresses.ts";
import type { ConfigValue } from "./config-file.ts";

export type Shape =
  | "boolean" | "string" | "integer" | "address" | "size" | "anything"
  /** One of these words, or none; `until` are words that engines took up to a major version. */
  | { readonly oneOf: readonly string[]; readonly anyCase?: true; readonly until?: Readonly<Record<string, number>> }
  | { readonly list: Shape }
  /** Members of any name. */
  | { readonly map: Shape }
  | {
      readonly members: Readonly<Record<string, Shape>>;
      /** What dockerd does with other names: it ignores them unless it is strict. */
      readonly strict?: true;
      /** The members are keys of their own: their names have to be exact, and `null` is none of these. Elsewhere names are matched in any case. */
      readonly own?: true;
    };

/** What fits, in words. */
export function describeShape(shape: Shape): string {
  if (typeof shape === "string") return WORDS[shape];
  if ("oneOf" in shape) return `one of ${shape.oneOf.join(", ")}`;
  return "list" in shape ? "a list" : "an object";
}

const WORDS: Readonly<Record<Extract<Shape, string>, string>> = {
  boolean: "true or false", string: "a string", integer: "a whole number", address: "an IP address", size: 'a size such as "64m"', anything: "anything",
};

/** Whether the value itself fits, whatever is in it. `major` is the engine's version; NaN where it is not known: then what any engine takes fits. */
export function fitsShape({ value, fraction }: ConfigValue, shape: Shape, major: number): boolean {
  // A size has a reader of its own (opts.MemBytes), which takes null for a word.
  if (value === null) return typeof shape === "string" ? shape !== "size" : !("own" in shape);
  if (shape === "anything") return true;
  if (typeof shape !== "string") {
    if ("oneOf" in shape) return typeof value === "string" && isWord(value, shape, major);
    return "list" in shape ? Array.isArray(value) : typeof value === "object" && !Array.isArray(value);
  }
  switch (shape) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isInteger(value) && fraction === undefined;
    case "string":
      return typeof value === "string";
    case "address":
      return typeof value === "string" && (value === "" || addressScope(value) !== "invalid");
    case "size":
      return typeof value === "string" && SIZE.test(value);
  }
}

function isWord(text: string, { oneOf, anyCase, until = {} }: Extract<Shape, { readonly oneOf: unknown }>, major: number): boolean {
  const word = anyCase === true ? text.toLowerCase() : text;
  const last = Object.hasOwn(until, word) ? until[word] : undefined;
  return word === "" || oneOf.includes(word) || (last !== undefined && !(major > last));
}

/** docker/go-units, RAMInBytes. */
export const SIZE = /^\d+(\.\d+)? ?[kmgtp]?i?b?$/i;
