/** `harden check --fix` and `--diff`, and the fixes that SARIF offers. Loaded only for these. */
import type { HardenError } from "../../errors.ts";
import type { Fix } from "../../policy/model/fix.ts";
import { findingKey } from "../../remediation/fix/model.ts";
import { offerFixes } from "../../remediation/fix/offer.ts";
import { createPlacer } from "../../remediation/fix/place-edits.ts";
import { renderDiff } from "../../remediation/fix/unified-diff.ts";
import type { Format } from "../../report/index.ts";
import { redactText } from "../../snapshot/redact.ts";
import type { Output } from "../outputs.ts";
import { openCounter } from "../progress.ts";
import { writeNote, writeOut } from "../streams.ts";
import { attempt } from "../write-report.ts";
import type { CheckContext } from "./facts.ts";
import type { FixFlags } from "./fix-flags.ts";
import { describePlan } from "./fix-messages.ts";
import { openSubject } from "./fix-subjects.ts";
import { type Input, nameInput } from "./inputs.ts";
import { readOnce, withTexts } from "./overlay.ts";
import { type Checked, type FilePlan, type FixRequest, planFixes } from "./plan-fixes.ts";
import { STANDARD_INPUT } from "./read.ts";
import { writeFixed } from "./write-fixed.ts";

/** What a check of the files as they are afterwards comes to. */
export interface Mended extends Checked {
  /** Files that could not be written. */
  readonly errors: readonly HardenError[];
  /** By fingerprint: what SARIF offers. */
  readonly fixes: ReadonlyMap<string, Fix>;
}

export interface Mending extends Omit<FixRequest, "checked" | "unsafe"> {
  readonly judge: (inputs: readonly Input[], context: CheckContext) => Promise<Checked>;
  readonly flags: FixFlags;
  readonly outputs: readonly Output<Format>[];
}

/** Writes, or prints what it would write, or neither; then finds what SARIF offers. */
export async function mend(found: Checked, mending: Mending): Promise<Mended> {
  const { flags, outputs, context } = mending;
  const request: FixRequest = { ...mending, checked: found, context: readOnce(context), unsafe: flags.unsafe === true };
  if (flags.diff === true) await printDiff(request);
  const { request: now, errors } = flags.fix === true && flags.diff !== true ? await writeFixes(request, mending.judge) : { request, errors: [] };
  const fixes = outputs.some(({ format }) => format === "sarif") ? await listFixes(now) : new Map<string, Fix>();
  return { ...now.checked, errors, fixes };
}

/** Of standard input what it has become goes to standard output, whether it changed or not. */
async function writeFixes(request: FixRequest, judge: Mending["judge"]): Promise<{ request: FixRequest; errors: HardenError[] }> {
  const plan = await planFixes(request);
  const written: FilePlan[] = [];
  const errors: HardenError[] = [];
  for (const file of plan.files) {
    const failed = isStandardInput(file.file) ? [] : attempt(() => { writeFixed(file.file, file.before, file.after); });
    errors.push(...failed);
    if (failed.length === 0) written.push(file);
  }
  const { inputs, context } = withTexts(request.inputs, request.context, new Map(written.map(({ file, after }) => [file, after])));
  printStandardInput(inputs, context);
  writeNote(describePlan(plan, new Set(written.map(({ file }) => file))));
  return { request: { ...request, inputs, context, checked: written.length === 0 ? request.checked : await judge(inputs, context) }, errors };
}

async function printDiff(request: FixRequest): Promise<void> {
  const plan = await planFixes(request);
  for (const { file, before, edits } of plan.files) writeOut(renderDiff(file, before, edits, (line) => redactText(line) !== line));
  writeNote(describePlan(plan, null));
}

/** By fingerprint of the result; unsafe ones too. */
async function listFixes({ checked: { report, judged }, inputs, context, compiled }: FixRequest): Promise<ReadonlyMap<string, Fix>> {
  const open = new Set(report.results.filter(({ status, waiver }) => status === "fail" && waiver === null).map(({ fingerprint }) => fingerprint));
  const fixes = new Map<string, Fix>();
  const count = openCounter();
  for (const { input, results } of judged.byInput) {
    const wanted = new Map(results.filter(({ fingerprint }) => open.has(fingerprint)).map((result) => [findingKey(result), result.fingerprint]));
    const subject = wanted.size === 0 ? null : openSubject(input, { inputs, context, compiled });
    if (subject === null) continue;
    count(`working out what would fix ${nameInput(input)} …`);
    const place = createPlacer(subject.texts);
    for (const [key, { proposal, edits }] of await offerFixes(subject.read, subject.texts, (finding) => wanted.has(findingKey(finding)))) {
      fixes.set(wanted.get(key) ?? "", { safe: proposal.safe, edits: edits.map(place) });
    }
  }
  return fixes;
}

function printStandardInput(inputs: readonly Input[], { readFile, workingDirectory }: CheckContext): void {
  const given = inputs.find((input) => isStandardInput(input.type === "compose" ? input.name : input.file));
  if (given === undefined) return;
  const found = given.type === "compose" ? readFile(`${workingDirectory}/${STANDARD_INPUT}`) : given;
  writeOut("text" in found ? found.text : "");
}

function isStandardInput(file: string): boolean {
  return file === STANDARD_INPUT || file === "standard input";
}
