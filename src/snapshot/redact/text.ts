/** The redactor for any text whose form is not known. */
import { redactAssignments } from "./assignments.ts";
import { settle } from "./settle.ts";
import { redactShapes } from "./shapes.ts";
import { redactUrls } from "./urls.ts";

/** Replaces every credential in a text, by shape or by the name beside it. Everything else, line breaks too, stays. */
export function redactText(text: string): string {
  if (text.length < SHORTEST) return text;
  return settle(text, (current) => redactAssignments(redactUrls(redactShapes(current))));
}

/** `pwd=x`. */
const SHORTEST = 5;
