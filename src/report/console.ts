/** The console format: what a person reads at the end of a scan, worst first. */
import type { Report } from "../policy/model/report.ts";
import { cleanTexts } from "./clean.ts";
import { printBaseline } from "./console/baseline.ts";
import { printNext, printSummary } from "./console/closing.ts";
import { printFaults, sortFaults } from "./console/faults.ts";
import { foldText } from "./console/fold.ts";
import { foldFollowers } from "./console/followers.ts";
import { printJudged } from "./console/judged.ts";
import { choosePaint } from "./console/paint.ts";
import { printUnknowns } from "./console/unknowns.ts";
import { printUnseen } from "./console/unseen.ts";
import { isKnown, listOpen } from "./open.ts";

/** Fails and unknowns that are not waived, with a baseline the new ones in full; passes and waived ones are counted. */
export function renderConsole(report: Report, { color, width, brief = false }: { readonly color: boolean; readonly width: number; readonly brief?: boolean }): string {
  const paint = choosePaint(color);
  const shown = cleanTexts({ ...report, results: listOpen(report) });
  const open = shown.results.filter((result) => !isKnown(result));
  const faults = sortFaults(foldFollowers(open.filter(({ status }) => status === "fail")));
  const unknowns = open.filter(({ status }) => status === "unknown");
  const { tool, target, generatedAt } = shown;
  const findings = [...printFaults(faults, paint, width), ...printUnknowns(unknowns, paint, width)];
  const lines = brief ? findings : [
    ...foldText(`${tool.name} ${tool.version} · ${target.kind} ${target.name} · ${generatedAt}`, width).map(paint.faint),
    "",
    ...printJudged(shown, paint, width),
    ...printUnseen(shown, paint, width),
    ...findings,
    ...printBaseline(shown.results, shown, paint, width),
    ...printSummary(shown, open, paint, width),
    ...printNext(shown, faults, width),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
