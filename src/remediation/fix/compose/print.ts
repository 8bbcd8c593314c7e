/** Values as YAML in the manner of the file that they are put into. */
import { isList, isMap, type Plain, type PlainMap, type Scalar } from "./plain.ts";

export interface Style {
  /** How lines end. */
  readonly eol: string;
  /** Columns by which a map is further right than its key. */
  readonly step: number;
  /** The same for the dashes of a list. */
  readonly dash: number;
  /** How the file writes its lists. */
  readonly lists: "block" | "flow";
}

export type Quotes = "plain" | "single" | "double";

/** A key and its value as lines, each with its indentation; the first one's too. */
export function printEntry(key: string, value: Plain, column: number, style: Style): string[] {
  const head = `${" ".repeat(column)}${key}:`;
  if (isMap(value)) return [head, ...Object.entries(value).flatMap(([name, inner]) => printEntry(name, inner, column + style.step, style))];
  if (!isList(value)) return [`${head} ${printScalar(value, "plain")}`];
  if (style.lists === "flow") return [`${head} ${printFlow(value, "plain")}`];
  return [head, ...value.map((item) => `${" ".repeat(column + style.dash)}- ${printFlow(item, "plain")}`)];
}

/** On one line. With double quotes keys have them too, as in JSON. */
export function printFlow(value: Plain, quotes: Quotes): string {
  if (isMap(value)) return `{${printPairs(value, quotes)}}`;
  return isList(value) ? `[${value.map((item) => printFlow(item, quotes)).join(", ")}]` : printScalar(value, quotes);
}

/** The inside of a flow map. */
export function printPairs(value: PlainMap, quotes: Quotes): string {
  return Object.entries(value).map(([key, inner]) => `${quotes === "double" ? JSON.stringify(key) : key}: ${printFlow(inner, quotes)}`).join(", ");
}

/** Text that is plain where it may be, if nothing else is asked for. A dollar is doubled: Compose would take it for a variable. */
export function printScalar(value: Scalar, quotes: Quotes): string {
  if (typeof value !== "string") return String(value);
  const text = value.replaceAll("$", "$$$$");
  if (quotes === "single" && /^[ -~]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return quotes === "plain" && isPlainText(text) ? text : JSON.stringify(text);
}

/** Words that a YAML reader of any version takes for something else than text. */
const WORDS = /^(true|false|null|yes|no|on|off|y|n)$/i;

function isPlainText(text: string): boolean {
  if (WORDS.test(text)) return false;
  return /^[A-Za-z][\w./=-]*(:[\w./=-]+)*$/.test(text) || /^[1-9]\d*[kmgb]+$/i.test(text) || /^\d+(\.\d+){3}$/.test(text);
}
