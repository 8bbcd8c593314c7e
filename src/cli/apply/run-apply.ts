/** `harden apply`: look, plan, show, ask, do, look again. */
import { findSshConnection, type SshConnection } from "../../collect/ssh-connection.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { DEFAULT_SECONDS, readConfirmWithin } from "../../remediation/apply/confirm-within.ts";
import type { Plan } from "../../remediation/model.ts";
import { choosePolicies, type JudgeFlags } from "../judge-flags.ts";
import { parametersOf } from "../judge-host.ts";
import { say, tellSteps } from "../progress.ts";
import { readText } from "../read-text.ts";
import { readScanSettings } from "../settings-file.ts";
import { writeError, writeOut } from "../streams.ts";
import { refuseLockOut } from "./access.ts";
import { ask } from "./ask.ts";
import { checkNames, chooseResults, chooseSteps, dropUnasked } from "./choose-findings.ts";
import { execute } from "./execute.ts";
import type { ApplyFlags } from "./flags.ts";
import { lookAtHost, requireOwnEngine, type Seen } from "./look.ts";
import { requireRoot } from "./root.ts";
import { showPlan } from "./show-plan.ts";

export type ApplyOptions = ApplyFlags & Pick<JudgeFlags, "profile" | "policies" | "config">;

const MAXIMUM_PLAN_BYTES = 64 * 1024 * 1024;

/** `file`: a saved plan, null for one that is made now. The exit code; throws HardenError where it is refused, and then nothing was changed. */
export async function runApply(file: string | null, flags: ApplyOptions): Promise<number> {
  requireRoot("harden scan --plan DIR writes the plan as files without root's rights");
  const settings = await readScanSettings(flags.config);
  const compiled = await choosePolicies(flags, settings, "live");
  checkNames(flags, compiled.map(({ policy }) => policy.id));
  if (flags.confirmWithin !== undefined) readConfirmWithin(flags.confirmWithin);
  const { readKeep } = await import("../../remediation/proof/keep.ts");
  flags.keep?.forEach(readKeep);
  const saved = file === null ? null : await readSaved(file);
  await requireIdle();
  const seen = await lookAtHost(compiled, settings);
  await requireOwnEngine(seen.snapshot);
  const { provePlan } = await import("../../remediation/proof/prove-plan.ts");
  say("planning …");
  const plan = provePlan(await makePlan(seen, saved, compiled, flags), seen.snapshot, seen.kinds, compiled, tellSteps("proving the plan: "));
  const [{ readOperations }, { openMachine }] = await Promise.all([import("../../remediation/apply/prepare.ts"), import("../../remediation/apply/machine.ts")]);
  const operations = await readOperations(plan, openMachine(null, () => undefined), flags.allowRestart === true);
  writeOut(showPlan(plan));
  if (operations.length === 0) {
    writeOut(`\n${describeNothing(plan)}\n`);
    return 0;
  }
  const came = await findSshConnection(process.env);
  const refusal = await refuseLockOut(plan, seen.snapshot, came, flags.keep ?? []);
  if (refusal !== null) return refusal;
  if (flags.dryRun === true) return 0;
  if (flags.yes !== true && !(await ask(`\nMake these changes?`))) {
    writeError("harden: nothing was changed\n");
    return 2;
  }
  const confirmation = { seconds: chooseSeconds(flags.confirmWithin, came), connection: came.kind === "open" || came.kind === "gone" ? came.text : null };
  return execute({ plan, operations, confirmation, allowRestart: flags.allowRestart === true, before: seen.report, lookAgain: async () => (await lookAtHost(compiled, settings)).report });
}

function describeNothing({ steps, omitted }: Plan): string {
  if (steps.length > 0) return "Nothing to do: all of it is in place already.";
  return omitted.length === 0 ? "Nothing to do." : "Nothing that harden can do: what is left out above stays as it is.";
}

/** What another harden is at just now looks as if it were cut off: that it is not is known under the lock. */
async function requireIdle(): Promise<void> {
  const [{ requireSettled }, { takeLock }] = await Promise.all([import("../../remediation/apply/journal/settled.ts"), import("../../remediation/apply/lock.ts")]);
  if (await requireSettled().then(() => true, () => false)) return;
  const lock = await takeLock();
  try {
    await requireSettled();
  } finally {
    lock.release();
  }
}

/** Seconds to confirm within; null: it need not be confirmed. A connection of another network is none that the change could cut. */
function chooseSeconds(said: string | undefined, came: SshConnection): number | null {
  if (said !== undefined) return readConfirmWithin(said);
  return came.kind === "none" || (came.kind === "gone" && came.others.length === 0 && !came.listening) ? null : DEFAULT_SECONDS;
}

async function readSaved(file: string): Promise<Plan> {
  const { readPlan } = await import("../../remediation/read-plan.ts");
  return readPlan(readText(file, MAXIMUM_PLAN_BYTES), file);
}

/** A saved plan is done as it would be made now, and refused if that is another. */
async function makePlan({ report, snapshot, kinds }: Seen, saved: Plan | null, compiled: readonly CompiledPolicy[], flags: ApplyFlags): Promise<Plan> {
  const [files, { planWhatCanBeSet }, { matchSteps }, { asksForPersistence }] = await Promise.all([
    import("../../remediation/files.ts"), import("../../remediation/apply/settable.ts"), import("../../remediation/compare-plans.ts"),
    import("../../remediation/persistence/plan-persistence.ts"),
  ]);
  const policies = saved === null ? null : new Set(saved.policies);
  const forBoot = saved?.steps.some(({ kind }) => kind === "persistence") === true;
  const chosen = policies === null ? chooseResults(report, flags) :
    { ...report, results: report.results.filter((result) => policies.has(result.policy) || (forBoot && asksForPersistence(result))) };
  const plan = planWhatCanBeSet((part) => files.makePlan(part, snapshot, kinds, parametersOf(compiled)), chosen);
  return dropUnasked(saved === null ? plan : { ...plan, steps: chooseSteps(matchSteps(saved, plan), flags) }, flags);
}
