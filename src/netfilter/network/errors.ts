/** Something that is no output of `ip -j`. */
export class NetworkError extends Error {
  /** Keys and indexes from the top of the document to what is wrong. */
  readonly path: readonly (string | number)[];
  /** In the text, from 1; null where the document was handed over as data. */
  readonly line: number | null;
  readonly column: number | null;

  constructor(message: string, path: readonly (string | number)[], place: { readonly line: number; readonly column: number } | null = null) {
    super(message);
    this.name = "NetworkError";
    this.path = path;
    this.line = place?.line ?? null;
    this.column = place?.column ?? null;
  }
}
