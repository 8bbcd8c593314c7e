/** A fix of one finding as formats show it. */
import type { FilePlace } from "../../facts/resource.ts";

export interface Fix {
  /** Nothing that runs can break by it. */
  readonly safe: boolean;
  readonly edits: readonly FixEdit[];
}

/** What stands at the place is replaced; where its start is its end the text is put in. Columns count UTF-16 code units. */
export interface FixEdit {
  readonly place: FilePlace;
  readonly text: string;
}
