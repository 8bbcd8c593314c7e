/** Edits by line and column, as reports show them. */
import { createSource, placeOf } from "../../compose/index.ts";
import type { FixEdit } from "../../policy/model/fix.ts";
import type { TextEdit, Texts } from "./text-edits.ts";

/** For edits of these texts, whose lines are counted once. */
export function createPlacer(texts: Texts): (edit: TextEdit) => FixEdit {
  const sources = new Map([...texts].map(([file, text]) => [file, createSource(file, text)]));
  return ({ file, start, end, text }) => ({ place: placeOf({ source: sources.get(file) ?? createSource(file, ""), start, end }), text });
}
