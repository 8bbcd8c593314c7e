/** The text of a JSON report as a value. */
import { HardenError } from "../errors.ts";
import { locateOffset, parseJsonTree } from "../json-tree.ts";

export const HOW_TO_MAKE = "-o json=FILE writes one";

/** `noun`: what the report is to the user. Throws HardenError with the position for text that is empty or no JSON. */
export async function parseReportJson(text: string, file: string, noun: string): Promise<unknown> {
  if (text.trim() === "") throw new HardenError(`the ${noun} is empty`, { position: { file }, hint: HOW_TO_MAKE });
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (cause) {
    const { fault } = await parseJsonTree(text);
    throw new HardenError(`the ${noun} is no JSON: ${fault?.what ?? "syntax error"}`, { position: { file, ...locateOffset(text, fault?.offset ?? 0) }, hint: HOW_TO_MAKE, cause });
  }
}
