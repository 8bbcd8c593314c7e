/** The JSON format: the report itself. */
import type { Report } from "../policy/model/report.ts";

/** The whole report, one line a result: 60,000 of them stay readable, and line tools can work on them. */
export function renderJson(report: Report): string {
  return printJson(report);
}

/**
 * JSON with objects spread over lines and each element of a list on a line of its own; lists named in `spread` have their elements
 * spread as well. Ends in a line break.
 */
export function printJson(value: unknown, spread: readonly string[] = []): string {
  return `${print(value, "", "", spread)}\n`;
}

/** The same value on one line, without a line break at its end. */
export function printLine(value: unknown): string {
  return compact(value);
}

function print(value: unknown, name: string, indent: string, spread: readonly string[]): string {
  if (typeof value !== "object" || value === null) return compact(value);
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((element) => (spread.includes(name) ? print(element, "", inner, spread) : compact(element)))
    : Object.entries(value).filter(([, part]) => part !== undefined).map(([key, part]) => `${compact(key)}: ${print(part, key, inner, spread)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return parts.length === 0 ? `${open}${close}` : `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** The usual case, told a hundred times faster than by the classes below. */
const PLAIN = /^[ -~]*$/;

/** Escaped beyond what JSON asks for: a report may be looked at on a terminal, which would act upon these. */
function compact(value: unknown): string {
  const text = JSON.stringify(value);
  return PLAIN.test(text) ? text : text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`).join(""),
  );
}
