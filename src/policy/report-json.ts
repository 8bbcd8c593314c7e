/** The text of a JSON report as a value, and places in it. */
import { HardenError } from "../errors.ts";
import { parseJsonTree } from "../json-tree.ts";
import type { DocumentPath } from "./document.ts";

export const HOW_TO_MAKE = "-o json=FILE writes one";

/** `noun`: what the report is to the user. Throws HardenError with the position for text that is empty or no JSON. */
export async function parseReportJson(text: string, file: string, noun: string): Promise<unknown> {
  if (text.trim() === "") throw new HardenError(`the ${noun} is empty`, { position: { file }, hint: HOW_TO_MAKE });
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (cause) {
    const { fault } = await parseJsonTree(text);
    throw new HardenError(`the ${noun} is no JSON: ${fault?.what ?? "syntax error"}`, { position: { file, ...locate(text, fault?.offset ?? 0) }, hint: HOW_TO_MAKE, cause });
  }
}

/** Where a value stands, or the begin of the text. */
export async function locatePath(text: string, path: DocumentPath): Promise<{ line: number; column: number }> {
  const [{ findNodeAtLocation }, { tree }] = await Promise.all([import("jsonc-parser"), parseJsonTree(text)]);
  return locate(text, (tree === undefined ? undefined : findNodeAtLocation(tree, [...path]))?.offset ?? 0);
}

/** Line and column, from 1, of an offset. */
function locate(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
