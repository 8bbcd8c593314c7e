/** JSON with the place of each part, for messages about a text that has been found wrong. */
import type { Node, ParseError } from "jsonc-parser";
import { spellOut } from "./text.ts";

/** From 1, in UTF-16 units, as editors count. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export interface JsonTree {
  /** Undefined where there is none. */
  readonly tree: Node | undefined;
  /** The first thing that is wrong, with what is expected; null for JSON. */
  readonly fault: { readonly offset: number; readonly length: number; readonly what: string } | null;
}

/** The parser goes down by recursion: what its stack does not hold has a fault and no tree. */
export async function parseJsonTree(text: string): Promise<JsonTree> {
  const { parseTree, printParseErrorCode } = await import("jsonc-parser");
  const errors: ParseError[] = [];
  try {
    const tree = parseTree(text, errors, { disallowComments: true });
    const [first] = errors;
    return { tree, fault: first === undefined ? null : { offset: first.offset, length: first.length, what: spellOut(printParseErrorCode(first.error)) } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { tree: undefined, fault: { offset: 0, length: 0, what: "nested too deeply" } };
  }
}

/** Tells where the value at the end of a path stands; the begin of the text where there is none. */
export async function openPlaces(text: string): Promise<(path: readonly (string | number)[]) => TextPosition> {
  const [{ findNodeAtLocation }, { tree }] = await Promise.all([import("jsonc-parser"), parseJsonTree(text)]);
  return (path) => locateOffset(text, (tree === undefined ? undefined : findNodeAtLocation(tree, [...path]))?.offset ?? 0);
}

export function locateOffset(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
