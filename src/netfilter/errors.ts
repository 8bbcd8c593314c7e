/** A text that is no whole rule set. `line` counts from 1 and is where reading stopped. */
export class RulesetError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.name = "RulesetError";
    this.line = line;
  }
}
