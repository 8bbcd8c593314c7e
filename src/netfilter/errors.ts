/** A text that is no whole rule set. `line` and `column` count from 1 and are where reading stopped; readers of lines tell no column. */
export class RulesetError extends Error {
  readonly line: number;
  readonly column: number | null;

  constructor(message: string, line: number, column: number | null = null) {
    super(message);
    this.name = "RulesetError";
    this.line = line;
    this.column = column;
  }
}
