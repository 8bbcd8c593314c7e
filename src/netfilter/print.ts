/** Writes rules and dumps back as they were read. */
import type { Line, Rule, SaveFile } from "./model.ts";

/** The text that the file was read from, byte for byte. */
export function printSave(file: SaveFile): string {
  return file.lines.map(printLine).join("");
}

/** The rule as it stands in the dump, without the line end. */
export function printRule(rule: Rule): string {
  return rule.tokens.map(({ before, raw }) => before + raw).join("") + rule.after;
}

function printLine(line: Line): string {
  return (line.kind === "rule" ? printRule(line.rule) : line.text) + line.end;
}
