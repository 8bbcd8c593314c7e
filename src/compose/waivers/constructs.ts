/** What begins and ends on which line of a compose file: the entries of its maps and lists, and the values that stand below their key. */
import { isCollection, isMap, isScalar, isSeq, type ParsedNode } from "yaml";
import { parseDocuments } from "../yaml/parse.ts";

export interface Construct {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** The service whose entry it is. */
  readonly service: string | null;
}

/** In the order of the text, what holds others before them. The text must be one that readDocuments takes. */
export function listConstructs(text: string): Construct[] {
  const constructs: Construct[] = [];
  for (const { contents } of parseDocuments(text)) addContents(constructs, contents, []);
  return constructs;
}

function addContents(constructs: Construct[], node: ParsedNode | null, path: readonly string[]): void {
  if (isMap(node)) for (const { key, value } of node.items) addPair(constructs, key, value, path);
  if (!isSeq(node)) return;
  for (const item of node.items) {
    constructs.push({ start: item.range[0], end: item.range[1], service: null });
    addContents(constructs, item, [...path, "*"]);
  }
}

function addPair(constructs: Construct[], key: ParsedNode, value: ParsedNode | null, path: readonly string[]): void {
  const name = isScalar(key) ? String(key.value) : "";
  const service = path.length === 1 && path[0] === "services" ? name : null;
  constructs.push({ start: key.range[0], end: (value ?? key).range[1], service });
  // A block collection begins with its first entry and must not be taken for it.
  if (value !== null && (!isCollection(value) || value.flow === true)) constructs.push({ start: value.range[0], end: value.range[1], service: null });
  addContents(constructs, value, [...path, name]);
}
