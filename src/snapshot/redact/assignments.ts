/** Credentials that stand beside their name in a longer text: a script, a query, JSON, YAML, a connection string, a header. */
import { marker } from "./marker.ts";
import { judgeName } from "./names.ts";
import { isCredential } from "./plausible.ts";

/** Replaces the value of every `NAME=value`, `"name": "value"`, `name: value`, `--name value` and `${NAME:-value}` that is one. */
export function redactAssignments(text: string): string {
  if (!/[=:]|-[a-z]/i.test(text)) return text;
  let result = "";
  let copied = 0;
  for (const { at, value, rule } of listCredentials(text)) {
    result += text.slice(copied, at) + marker(rule);
    copied = at + value.length;
  }
  return redactDefaults(result + text.slice(copied));
}

interface Span {
  readonly at: number;
  readonly value: string;
}

interface Assignment {
  readonly name: string;
  /** What stands before the name: a quote, dashes, a line's indentation. */
  readonly before: string;
  readonly separator: string;
  /** Where the name begins, and where the value does. */
  readonly from: number;
  readonly at: number;
}

function* listCredentials(text: string): Generator<Span & { readonly rule: string }> {
  const search = new RegExp(ASSIGNMENT);
  for (let match = search.exec(text); match !== null; match = search.exec(text)) {
    const { name = "", before = "", separator = "" } = match.groups ?? {};
    const verdict = judgeName(name);
    if (verdict === null || (separator.trim() === "" && !takesNextWord(before, name))) continue;
    const span = findValue(text, { name, before, separator, from: match.index, at: search.lastIndex });
    if (!isCredential(verdict, span.value)) continue;
    yield { ...span, rule: verdict.rule };
    search.lastIndex = span.at + span.value.length;
  }
}

/**
 * A name, not the rule's in a marker, and what parts it from its value. A colon needs a quoted name, a blank after it, or a header's name: `secret:/data` is a
 * volume. A blank alone counts after a flag only.
 */
const ASSIGNMENT = new RegExp(
  [
    /(?<before>\\{0,7}["']|(?<![\w.-]|\[redacted:)(?:--?|^[\t ]*(?:- )?|))(?<name>[A-Za-z_][\w.-]{0,255})/,
    /(?<separator>(?:\\{0,7}["']|\])?[\t ]*=[=>]?[\t ]*|\\{0,7}["'][\t ]*:[\t ]*|:[\t ]+|(?<=authorization|cookie|\bx-[\w-]{1,99}):|[\t ]+(?!-))/,
  ]
    .map(({ source }) => source)
    .join(""),
  "gim",
);

/** `--password x`, and Java's and Go's `-password x`; `-psecret` holds its value itself. */
export function takesNextWord(dashes: string, name: string): boolean {
  if (/^(?:no|use|with|enable|disable|require|skip|show|print|generate|allow)-/.test(name)) return false;
  return dashes === "--" || (dashes === "-" && /^(?:[a-z]+-)?(?:password|passwd|passphrase|token|secret|api-?key)$/i.test(name));
}

function findValue(text: string, { name, before, separator, from, at }: Assignment): Span {
  const quote = /^\\{0,7}["']/.exec(text.slice(at, at + 8))?.[0];
  if (quote !== undefined) return upTo(text, at + quote.length, closingOf(quote));
  // "NAME=a value with blanks": the quote before the name closes the value.
  if (/["']$/.test(before) && !/["']/.test(separator)) return upTo(text, at, closingOf(before));
  const ownLine = separator.startsWith(":") && before.replace("- ", "").trim() === "" && (from === 0 || text[from - 1] === "\n");
  if (ownLine || /authorization|cookie/i.test(name)) return upTo(text, at, /["'\n]/g);
  return upTo(text, at, BARE_END);
}

/** The same quote again, with as many backslashes; within plain quotes `\"` does not close them. */
function closingOf(quote: string): RegExp {
  const letter = quote.slice(-1);
  return quote.length > 1 ? new RegExp(`(?<!\\\\)\\\\{${quote.length - 1}}${letter}`, "g") : new RegExp(`(?<!\\\\)(?:\\\\\\\\)*${letter}`, "g");
}

/** An unquoted value ends at a blank, a quote, or a separator that the next assignment follows. */
const BARE_END = /[\s"'`]|[,;&]+\s*[\w. -]{1,40}[=:]/g;

function upTo(text: string, at: number, end: RegExp): Span {
  const search = new RegExp(end);
  search.lastIndex = at;
  const found = search.exec(text);
  return { at, value: text.slice(at, found === null ? text.length : found.index) };
}

/** The shell's and Compose's `${NAME:-value}`: a secret that is there until someone sets the variable. */
function redactDefaults(text: string): string {
  return text.replace(/(\$\{([A-Za-z_]\w*):?[-=])([^{}]*)(?=\})/g, (whole, head: string, name: string, value: string) => {
    const verdict = judgeName(name);
    return verdict !== null && isCredential(verdict, value) ? head + marker(verdict.rule) : whole;
  });
}
