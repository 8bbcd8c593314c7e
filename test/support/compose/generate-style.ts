/** One value in other clothes: flow or block style, other quotes, keys in quotes, comments, line ends. What it says stays the same. */
import fc from "fast-check";
import { isCollection, isScalar, parseDocument, visit } from "yaml";

export type Style = "flow" | "block" | "folded" | "quoted";

export const styles: fc.Arbitrary<Style> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Style>("flow") },
  { weight: 3, arbitrary: fc.constant<Style>("block") },
  { weight: 1, arbitrary: fc.constant<Style>("folded") },
  { weight: 1, arbitrary: fc.constant<Style>("quoted") },
);

/** `key: value`, indented. Values with tags or aliases stay as they are. */
export function printEntry(key: string, yaml: string, depth: number, style: Style): string {
  const pad = " ".repeat(depth);
  if (style === "flow" || /[!*&]/.test(yaml)) return `${pad}${key}: ${yaml}\n`;
  if (style === "quoted") return `${pad}"${key}" : ${yaml} # a comment\n`;
  if (style === "folded" && /^"[\w./:-]+"$/.test(yaml)) return `${pad}${key}: >-\n${pad}  ${yaml.slice(1, -1)}\n`;
  const document = parseDocument(`${key}: ${yaml}`);
  visit(document, (_, node) => {
    if (isCollection(node)) node.flow = false;
    if (isScalar(node) && node.type === "QUOTE_DOUBLE" && style === "folded") node.type = "QUOTE_SINGLE";
  });
  return document.toString({ lineWidth: 0, nullStr: "null" }).replace(/^(?=.)/gm, pad);
}

/** The whole text with other line ends, or with a byte order mark. */
export const envelopes: fc.Arbitrary<(text: string) => string> = fc.oneof(
  { weight: 8, arbitrary: fc.constant((text: string) => text) },
  { weight: 1, arbitrary: fc.constant((text: string) => text.replaceAll("\n", "\r\n")) },
  { weight: 1, arbitrary: fc.constant((text: string) => `\uFEFF${text}`) },
  { weight: 1, arbitrary: fc.constant((text: string) => `# čeština 😀\n---\n${text}...\n`) },
);
