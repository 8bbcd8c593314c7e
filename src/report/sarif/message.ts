/** Texts of strangers as SARIF messages. */
import type { Message } from "sarif";
import { escapeInvisible } from "../../text.ts";

/**
 * Plain text that no viewer reads as anything else: `[x](y)` would be a link (SARIF 3.11.6) and `{0}` a placeholder (3.11.5), and a
 * container's name could hold either.
 */
export function plainMessage(text: string): Message {
  return { text: escapeInvisible(text).replaceAll("](", "] (").replaceAll(/\{(\d+)\}/g, "{{$1}}") };
}
