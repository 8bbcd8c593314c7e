/** The YAML library, asked the same way by all who look at a compose file's text. */
import { type Document, parseAllDocuments } from "yaml";

/**
 * The documents of a text with what is wrong in them. Nothing is resolved: plain scalars are read as Compose reads them, and duplicate keys
 * looked for, by who needs it; the library does the latter in quadratic time. Tokens cost memory. Throws RangeError for what is nested too
 * deeply.
 */
export function parseDocuments(text: string, { keepSourceTokens = false } = {}): readonly Document.Parsed[] {
  const documents = parseAllDocuments(text, { schema: "failsafe", merge: false, uniqueKeys: false, prettyErrors: false, logLevel: "silent", keepSourceTokens });
  // A text without any document gives an object that is an empty list.
  return "empty" in documents ? [] : documents;
}
