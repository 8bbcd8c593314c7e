/** Data in shell scripts. */
import { escapeInvisible } from "../../text.ts";

/** One word for a POSIX shell, whatever is in it. */
export function quoteWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Text for one comment line: nothing in it ends the line. */
export function commentText(text: string): string {
  return escapeInvisible(text);
}

/** `name='value'` lines. */
export function assignments(values: Readonly<Record<string, string>>): string {
  return Object.entries(values).map(([name, value]) => `${name}=${quoteWord(value)}\n`).join("");
}
