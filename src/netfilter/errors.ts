/** A text that is no whole rule set. `line` and `column` count from 1 and are where reading stopped; readers of lines tell no column. */
export class RulesetError extends Error {
  readonly line: number;
  readonly column: number | null;

  /** What the text is called, where several are read together; null: the reader of the text knows. */
  readonly origin: string | null;

  constructor(message: string, line: number, column: number | null = null, origin: string | null = null) {
    super(message);
    this.name = "RulesetError";
    this.line = line;
    this.column = column;
    this.origin = origin;
  }
}
