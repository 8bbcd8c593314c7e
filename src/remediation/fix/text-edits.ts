/** Edits of texts by offsets: a fix never prints a file anew, so that whatever it does not speak of stays as it is, byte for byte. */

/** A replacement in one file; offsets count UTF-16 code units, the end is exclusive. Where both are equal the text is put in there. */
export interface TextEdit {
  /** As messages name it. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Texts by file. */
export type Texts = ReadonlyMap<string, string>;

/**
 * Several lists of edits as one: an edit that two of them make is made once, and what two put in at one place stands in their order. Null if two
 * contradict each other.
 */
export function joinEdits(lists: readonly (readonly TextEdit[])[]): readonly TextEdit[] | null {
  const seen = new Set<string>();
  const distinct = lists.flat().filter((edit) => {
    const key = JSON.stringify([edit.file, edit.start, edit.end, edit.text]);
    return !seen.has(key) && seen.add(key);
  });
  const sorted = distinct.sort(compareEdits);
  return sorted.every((edit, index) => !overlaps(sorted[index - 1], edit)) ? sorted : null;
}

/** The texts after sorted edits that do not overlap, as `joinEdits` gives them. */
export function applyEdits(texts: Texts, edits: readonly TextEdit[]): Texts {
  const changed = new Map(texts);
  for (const file of new Set(edits.map((edit) => edit.file))) {
    changed.set(file, applyToText(texts.get(file) ?? "", edits.filter((edit) => edit.file === file)));
  }
  return changed;
}

function applyToText(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join("") + text.slice(at);
}

function compareEdits(a: TextEdit, b: TextEdit): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.start - b.start || a.end - b.end;
}

function overlaps(before: TextEdit | undefined, edit: TextEdit): boolean {
  return before !== undefined && before.file === edit.file && edit.start < before.end;
}
