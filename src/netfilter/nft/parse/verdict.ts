/** Verdicts: alone as a statement, or as the value of a verdict map. */
import type { NftVerdict } from "../terms.ts";
import { fieldsOf, textOf } from "./shape.ts";

/** Null: the name is none of a verdict. */
export function readVerdict(name: string, body: unknown): NftVerdict | null {
  switch (name) {
    case "accept":
    case "drop":
    case "continue":
    case "return":
      return { kind: name };
    case "jump":
    case "goto":
      return { kind: name, chain: textOf(fieldsOf(body, name), "target") };
    default:
      return null;
  }
}
