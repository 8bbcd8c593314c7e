/** What an earlier report has too, and what it had: short, since nobody has to act on it now. */
import type { Report, Result } from "../../policy/model/report.ts";
import { isKnown } from "../open.ts";
import { foldText } from "./fold.ts";
import type { Paint } from "./paint.ts";
import { labelOf } from "../told.ts";
import { shorten } from "./words.ts";

/** Lines of what is unchanged and what is fixed, one a policy; none without a baseline. `open` are worst first. */
export function printBaseline(open: readonly Result[], { fixed = [] }: Report, paint: Paint, width: number): string[] {
  return [
    ...printSection("Unchanged since the baseline", open.filter(isKnown).map((result) => ({ head: `${result.severity}[${result.policy}]`, label: labelOf(result) })), paint.faint, width),
    ...printSection("Fixed since the baseline", fixed.map((result) => ({ head: result.policy, label: labelOf(result) })), paint.good, width),
  ];
}

interface Entry {
  readonly head: string;
  readonly label: string;
}

function printSection(title: string, entries: readonly Entry[], paint: (text: string) => string, width: number): string[] {
  if (entries.length === 0) return [];
  const labels = new Map<string, Set<string>>();
  for (const { head, label } of entries) labels.set(head, (labels.get(head) ?? new Set()).add(label));
  const lines = [...labels].flatMap(([head, names]) => foldText(`${head} ${shorten([...names])}`, width, "  ", "    "));
  return [`${title}: ${entries.length}`, ...lines, ""].map((line) => (line === "" ? line : paint(line)));
}
