/** The redactor for configuration texts: daemon.json and systemd units. Every line and every key stays where it was. */
import { redactScript } from "./command.ts";
import { redactValue } from "./value.ts";

/** Redacts JSON (well-formed or not) by its keys, any other text line by line as unit files are written. */
export function redactDaemonText(text: string): string {
  return /^\s*\{/.test(text) ? redactJson(text) : text.split("\n").map(redactUnitLine).join("\n");
}

/** Token by token rather than parsed: a file with a mistake in it must come through with the mistake, so that it can be shown. */
function redactJson(text: string): string {
  /** The key that each open object or list stands under, and the one that the next value has. */
  const open: string[] = [];
  let key = "";
  return text.replace(TOKEN, (token: string, string: string | undefined, colon: string | undefined) => {
    if (token === "{" || token === "[") open.push(key);
    else if (token === "}" || token === "]") key = open.pop() ?? "";
    else if (string !== undefined && colon !== undefined) key = decode(string);
    else if (string !== undefined) return redactString(key, string);
    else if (/^-?\d/.test(token)) return redactNumber(key, token);
    return token;
  });
}

/** A string with the colon after it if it is a key; an unclosed string ends with its line. */
const TOKEN = /("(?:[^"\\\n]|\\.)*(?:"|$))(\s*:)?|[{}[\]]|-?\d[\d.eE+-]*/gm;

function redactString(key: string, literal: string): string {
  const value = decode(literal);
  const redacted = redactValue(key, value);
  if (redacted === value) return literal;
  const encoded = JSON.stringify(redacted);
  return literal.length > 1 && literal.endsWith('"') ? encoded : encoded.slice(0, -1);
}

/** Marker as a string: still JSON. */
function redactNumber(key: string, literal: string): string {
  const redacted = redactValue(key, literal);
  return redacted === literal ? literal : JSON.stringify(redacted);
}

function decode(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1);
  }
}

/** `Environment=` holds quoted entries, `Exec…=` a command; both read like a shell's words. */
function redactUnitLine(line: string): string {
  const [, head, rest] = /^(\s*Environment\s*=)([^\n]*)$/.exec(line) ?? [];
  return head === undefined || rest === undefined ? redactScript(line) : head + rest.replace(ENTRY, redactQuotedEntry);
}

const ENTRY = /"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s"']+/g;

function redactQuotedEntry(entry: string): string {
  const [, quote = "", name, value = "", close = ""] = /^(["']?)([A-Za-z_]\w*)=([\s\S]*?)(["']?)$/.exec(entry) ?? [];
  if (name === undefined) return redactScript(entry);
  return `${quote}${name}=${redactValue(name, value)}${close}`;
}
