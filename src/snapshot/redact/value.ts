/** The redactor for a value that has a name: an environment variable, a label, a key of a document. */
import { marker } from "./marker.ts";
import { judgeName } from "./names.ts";
import { isCredential, isKept } from "./plausible.ts";
import { settle } from "./settle.ts";
import { redactText } from "./text.ts";
import { redactWholeUrl } from "./urls.ts";

/** The value, the marker in its place if the name or its shape says credential, or the value with the credentials inside it replaced. */
export function redactValue(name: string, value: string): string {
  return settle(value, (current) => redactOnce(name, current));
}

function redactOnce(name: string, value: string): string {
  const redacted = redactText(redactWholeUrl(value));
  const verdict = judgeName(name);
  // `${PASSWORD:-default}` stays a reference with its default replaced, a token of a known shape keeps that shape's rule.
  return verdict === null || isKept(redacted) || !isCredential(verdict, value) ? redacted : marker(verdict.rule);
}

/** `NAME=value` as in Config.Env; an entry without a value is as it was. */
export function redactEntry(entry: string): string {
  const separator = entry.indexOf("=");
  if (separator < 1) return redactText(entry);
  const name = entry.slice(0, separator);
  return `${name}=${redactValue(name, entry.slice(separator + 1))}`;
}
