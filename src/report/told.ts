/** What a result says, with its resource called by the name that no other has. */
import type { Result } from "../policy/model/report.ts";

/** The message as a sentence of its own. */
export function describeFinding(result: Result): string {
  const { before, label, after } = splitMessage(result);
  return before + label + after;
}

/** The message around the name of its resource, which the id replaces, since two projects may have a `web` each; a message that does not name it gets it in front. */
export function splitMessage(result: Result): { before: string; label: string; after: string } {
  const { element, resource: { kind, id, name, host } } = result;
  const on = host !== undefined && result.message.startsWith(`${host}: `) ? `${host}: ` : "";
  const message = result.message.slice(on.length);
  const label = element === null || message.includes(element) ? labelOf(result) : `${labelOf(result)} (${element})`;
  if (ALONE.has(kind) || id === null) return { before: result.message, label: "", after: "" };
  const named = [id, name].find((candidate) => candidate !== null && indexOfWord(message, candidate) >= 0) ?? null;
  if (named === null) return { before: on, label, after: `: ${message}` };
  const at = indexOfWord(message, named);
  return { before: on + message.slice(0, at), label, after: message.slice(at + named.length) };
}

/** There is one of each, or the message is about nothing else: no name is needed. */
const ALONE = new Set<Result["resource"]["kind"]>(["daemon", "host", "waiver"]);

/** A whole word only: the container `a` is not meant by every a. */
function indexOfWord(message: string, word: string): number {
  for (let at = message.indexOf(word); at >= 0 && word !== ""; at = message.indexOf(word, at + 1)) {
    const around = (message[at - 1] ?? " ") + (message[at + word.length] ?? " ");
    if (!isPartOfWord(around.replace(/\.$/, ""))) return at;
  }
  return -1;
}

function isPartOfWord(around: string): boolean {
  return /[\w/.-]/.test(around) || (/[^ -~]/.test(around) && /[\p{L}\p{N}]/u.test(around));
}

/** What a person calls the resource of a result. */
export function labelOf({ resource: { kind, id, name } }: Pick<Result, "resource">): string {
  return id ?? name ?? kind;
}
