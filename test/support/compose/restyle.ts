/** The same compose file in another hand: block or flow style, indentation, comments, line ends. */
import fc from "fast-check";
import { type Document, isCollection, parseAllDocuments, visit } from "yaml";

export interface Hand {
  /** Which collections, counted through the file, are in block style; the list is gone through again and again. */
  readonly block: readonly boolean[];
  readonly indent: 2 | 3 | 4;
  readonly indentSeq: boolean;
  /** After which lines a comment stands, at their end or on a line of its own; gone through again and again. */
  readonly comments: readonly ("none" | "end" | "below" | "blank")[];
  readonly crlf: boolean;
  readonly finalBreak: boolean;
  readonly mark: boolean;
}

export const arbitraryHand: fc.Arbitrary<Hand> = fc.record({
  block: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
  indent: fc.constantFrom(2, 3, 4),
  indentSeq: fc.boolean(),
  comments: fc.array(fc.constantFrom("none", "none", "end", "below", "blank"), { minLength: 1, maxLength: 7 }),
  crlf: fc.boolean(),
  finalBreak: fc.boolean(),
  mark: fc.boolean(),
});

export function restyle(text: string, hand: Hand): string {
  const documents = parseAllDocuments(text, { schema: "failsafe", merge: false, logLevel: "silent" }) as readonly Document[];
  let count = 0;
  for (const document of documents) {
    visit(document, {
      Node(_, node, path) {
        if (isCollection(node)) node.flow = node.items.length === 0 || (path.length > 4 && hand.block[count++ % hand.block.length] === false);
      },
    });
  }
  const printed = documents.map((document) => document.toString({ indent: hand.indent, indentSeq: hand.indentSeq, lineWidth: 0, verifyAliasOrder: false })).join("");
  const lines = printed.trimEnd().split("\n").flatMap((line, index) => comment(line, hand.comments[index % hand.comments.length] ?? "none"));
  const eol = hand.crlf ? "\r\n" : "\n";
  return (hand.mark ? "\uFEFF" : "") + lines.join(eol) + (hand.finalBreak ? eol : "");
}

function comment(line: string, kind: Hand["comments"][number]): string[] {
  if (line === "---" || kind === "none") return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  if (kind === "blank") return [line, ""];
  return kind === "end" ? [`${line} # at the end`] : [line, `${indent}# below`];
}
