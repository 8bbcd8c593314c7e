/** Words for what a JSON Schema wants. */
import { quote, suggest } from "../text.ts";
import type { DocumentPath } from "./document.ts";

/** The part of JSON Schema that harden's own models use. */
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly description?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: "a map", array: "a list", string: "text", number: "a number", integer: "a whole number", boolean: "true or false", null: "null",
};

/** `text, a number or a list`: the types of some alternatives. */
export function describeTypes(schemas: readonly Schema[]): string {
  const words = [...new Set(schemas.map(({ type }) => TYPE_WORDS[type ?? ""] ?? "another value"))];
  const last = words.pop() ?? "";
  return words.length === 0 ? last : `${words.join(", ")} or ${last}`;
}

/** A hint for a value that is none of the accepted ones. */
export function listAccepted(value: unknown, accepted: readonly unknown[]): string {
  const texts = accepted.map((one) => (typeof one === "string" ? one : quote(one)));
  return typeof value === "string" ? suggest(value, texts) : `accepted: ${texts.join(", ")}`;
}

/** `fail.all[0].operator`, as a reader would say it. */
export function labelPath(path: DocumentPath): string {
  if (path.length === 0) return "the file";
  return path.map((segment, index) => (/^\d+$/.test(String(segment)) ? `[${segment}]` : `${index === 0 ? "" : "."}${quote(segment).slice(1, -1)}`)).join("");
}
