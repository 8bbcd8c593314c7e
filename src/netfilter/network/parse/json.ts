/** Texts of JSON, with the line and column of what is wrong. */
import { type ParseError, findNodeAtLocation, parseTree, printParseErrorCode } from "jsonc-parser";
import { NetworkError } from "../errors.ts";

/**
 * The value, handed to `read`. A `NetworkError` of `read` gets its place in the text. Empty text is an empty list: iproute2 prints nothing where
 * there is nothing to list.
 */
export function readText<T>(text: string, read: (value: unknown) => T): T {
  if (text.trim() === "") return read([]);
  const value = parseText(text);
  try {
    return read(value);
  } catch (error) {
    if (error instanceof NetworkError && error.line === null) throw new NetworkError(error.message, error.path, locate(text, error.path));
    throw error;
  }
}

/** JSON.parse tells no line, and for some texts no position at all. */
function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    const errors: ParseError[] = [];
    parseTree(text, errors, { disallowComments: true });
    const [first] = errors;
    const words = first === undefined ? "" : `: ${printParseErrorCode(first.error).replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase()}`;
    throw new NetworkError(`no JSON${words}`, [], placeAt(text, first?.offset ?? 0));
  }
}

/** The nearest thing on the path that stands in the text. */
function locate(text: string, path: NetworkError["path"]): { readonly line: number; readonly column: number } {
  const tree = parseTree(text);
  for (let length = path.length; length > 0 && tree !== undefined; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length));
    if (node !== undefined) return placeAt(text, node.offset);
  }
  return placeAt(text, 0);
}

function placeAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
