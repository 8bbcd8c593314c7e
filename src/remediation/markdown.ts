/** Text of the audited host and of policies in Markdown. */
import { escapeInvisible } from "../text.ts";

/** Names and messages: no line breaks, no Markdown and no HTML of theirs. */
export function plain(text: string): string {
  return escapeInvisible(text).replace(/[\\`*[\]<#]/g, "\\$&");
}

/** Sentences of policies, in which `code` is meant. */
export function prose(text: string): string {
  return text.split(/(`[^`]*`)/).map((part) => (/^`.*`$/s.test(part) ? escapeInvisible(part) : plain(part))).join("");
}
