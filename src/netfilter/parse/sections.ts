/** Sorts the lines of a dump into its tables and checks that each is whole. */
import { RulesetError } from "../errors.ts";
import type { RawLine } from "./lines.ts";

export type ChainLine = Extract<RawLine, { readonly kind: "chain" }>;
export type RuleLine = Extract<RawLine, { readonly kind: "rule" }>;

/** A table as the file has it, from `*NAME` to COMMIT. */
export interface Section {
  readonly name: string;
  readonly line: number;
  readonly chains: readonly ChainLine[];
  readonly rules: readonly RuleLine[];
}

/** The tables in order. */
export function splitSections(lines: readonly RawLine[]): readonly Section[] {
  const sections = new Map<string, Section>();
  let open: { name: string; line: number; chains: ChainLine[]; rules: RuleLine[] } | null = null;
  for (const line of lines) {
    if (line.kind === "blank" || line.kind === "comment") continue;
    if (line.kind === "table") {
      if (open !== null) throw new RulesetError(`table ${line.name} begins before COMMIT of table ${open.name}`, line.number);
      if (sections.has(line.name)) throw new RulesetError(`table ${line.name} occurs twice; which counts depends on how it is loaded`, line.number);
      open = { name: line.name, line: line.number, chains: [], rules: [] };
      continue;
    }
    if (open === null) throw new RulesetError("expected a table (*NAME)", line.number);
    if (line.kind === "chain") open.chains.push(line);
    else if (line.kind === "rule") open.rules.push(line);
    else {
      sections.set(open.name, open);
      open = null;
    }
  }
  if (open !== null) throw new RulesetError(`table ${open.name} ends without COMMIT: the dump is cut off`, lines.at(-1)?.number ?? open.line);
  return [...sections.values()];
}
