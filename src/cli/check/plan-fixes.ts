/** What fixing would make of the inputs of a check: nothing is written. */
import type { CompiledPolicy } from "../../policy/compile.ts";
import type { Report, Result } from "../../policy/model/report.ts";
import { type Fixed, fixAll } from "../../remediation/fix/fix-all.ts";
import { findingKey } from "../../remediation/fix/model.ts";
import { combineRounds } from "../../remediation/fix/original.ts";
import { applyEdits, type TextEdit } from "../../remediation/fix/text-edits.ts";
import { openCounter } from "../progress.ts";
import type { CheckContext } from "./facts.ts";
import { openSubject } from "./fix-subjects.ts";
import { type Input, nameInput } from "./inputs.ts";
import type { Judged } from "./judge.ts";
import { withText, withTexts } from "./overlay.ts";

/** What a check came to. */
export interface Checked {
  readonly judged: Judged;
  readonly report: Report;
}

/** What is to be fixed. */
export interface FixRequest {
  readonly checked: Checked;
  /** All of the command: a project is judged with the daemon.json beside it. */
  readonly inputs: readonly Input[];
  readonly context: CheckContext;
  readonly compiled: readonly CompiledPolicy[];
  readonly unsafe: boolean;
}

export interface FilePlan {
  readonly file: string;
  readonly before: string;
  /** Sorted edits of `before`. */
  readonly edits: readonly TextEdit[];
  readonly after: string;
}

export interface FixPlan extends Pick<Fixed, "fixed" | "held" | "left"> {
  readonly files: readonly FilePlan[];
}

/** One input after the other: what one makes of a file that several read is what the next one finds. */
export async function planFixes({ checked: { report, judged }, inputs, context, compiled, unsafe }: FixRequest): Promise<FixPlan> {
  const open = new Set(report.results.filter(isWanted).map(({ fingerprint }) => fingerprint));
  const texts = new Map<string, string>();
  const originals = new Map<string, string>();
  const rounds = new Map<string, (readonly TextEdit[])[]>();
  const outcomes: Fixed[] = [];
  const count = openCounter();
  for (const { input, results } of judged.byInput) {
    const wanted = new Set(results.filter(({ fingerprint }) => open.has(fingerprint)).map(findingKey));
    const now = withTexts(inputs, context, texts);
    const subject = wanted.size === 0 ? null : openSubject(withText(input, texts), { ...now, compiled });
    if (subject === null) continue;
    count(`working out what would fix ${nameInput(input)} …`);
    const outcome = await fixAll({ ...subject, unsafe, isWanted: (finding) => wanted.has(findingKey(finding)) });
    outcomes.push(outcome);
    for (const [file, edits] of outcome.edits) {
      originals.set(file, originals.get(file) ?? subject.texts.get(file) ?? "");
      rounds.set(file, [...(rounds.get(file) ?? []), edits]);
      texts.set(file, outcome.texts.get(file) ?? "");
    }
  }
  return {
    files: [...originals].map(([file, before]) => planFile(file, before, rounds.get(file) ?? [])),
    fixed: outcomes.flatMap(({ fixed }) => fixed),
    held: outcomes.flatMap(({ held }) => held),
    left: outcomes.flatMap(({ left }) => left),
  };
}

/** What is waived, or was there at the baseline, is accepted for now. */
function isWanted({ status, waiver, baselineState }: Result): boolean {
  return status === "fail" && waiver === null && baselineState !== "unchanged";
}

function planFile(file: string, before: string, rounds: readonly (readonly TextEdit[])[]): FilePlan {
  const edits = combineRounds(file, before, rounds);
  return { file, before, edits, after: applyEdits(new Map([[file, before]]), edits).get(file) ?? before };
}
