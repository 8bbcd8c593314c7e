/** JSON with the place of each part, for messages about a text that has been found wrong. */
import type { Node, ParseError } from "jsonc-parser";
import { spellOut } from "./text.ts";

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
