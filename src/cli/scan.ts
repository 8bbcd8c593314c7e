/** `harden scan`, and `harden` alone: audits this host or a snapshot of one. */
import type { Command } from "commander";
import type { ReadFile } from "../compose/index.ts";
import { formatError, HardenError } from "../errors.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { DerivedKinds } from "../policy/evaluate.ts";
import type { Report } from "../policy/model/report.ts";
import { KINDS } from "../facts/resource.ts";
import { FORMATS, showsTopology } from "../report/index.ts";
import type { Snapshot } from "../snapshot/model.ts";
import { takeSnapshot } from "./collect.ts";
import { applyBaseline, LATEST, readBaseline } from "./baseline.ts";
import { addApplyFlags, type ApplyFlags, refuseApplyFlags } from "./apply/flags.ts";
import { adviseForPods, isCrictl, isDefined } from "./crictl.ts";
import { addHelp } from "./help.ts";
import { addJudgeFlags, choosePolicies, type JudgeFlags, JUDGING_CODES } from "./judge-flags.ts";
import { judgeHost, nameHost, parametersOf } from "./judge-host.ts";
import { loadSnapshot, nameByFile } from "./load-snapshot.ts";
import { parseOutputs } from "./outputs.ts";
import { say, tellSteps } from "./progress.ts";
import { HOST_SETTINGS, readScanSettings } from "./settings-file.ts";
import { writeError, writeNote } from "./streams.ts";
import { explain } from "./talk.ts";
import { foldLines } from "./wrap.ts";
import { attempt, writeReport } from "./write-report.ts";

interface ScanFlags extends JudgeFlags, ApplyFlags {
  readonly apply?: boolean;
  readonly snapshot?: string;
  readonly plan?: string;
  readonly reports?: string;
  readonly keepReports?: number;
}

export function addScanCommand(program: Command, refuseWords: (words: readonly string[]) => void): void {
  const command = program
    .command("scan", { isDefault: true })
    .description("Audit this host, or a snapshot of one.")
    // Words are refused by hand: a mistyped command ends here.
    .allowExcessArguments()
    .option("--snapshot <file>", "judge this snapshot (-: standard input), not this host")
    .option("--plan <dir>", "write what would put it right as files into it")
    .option("--apply", "put it right; takes the options of harden apply too")
    .option("--reports <dir>", "keep the JSON report of each audit in this folder")
    .option("--keep-reports <count>", "how many of a host stay there (default: 30)", parseCount);
  addApplyFlags(command, false);
  addHelp(addJudgeFlags(command, HOST_SETTINGS, [LATEST]), {
    manual: {
      notes: [
        "Without a command harden scans. --baseline latest compares with the newest report in the folder of --reports.",
        "Reads settings only from the host's own file, if root owns it and no one else can write it, or from what --config names: a folder that one happens to be in cannot waive anything.",
      ],
    },
    exitCodes: JUDGING_CODES,
    examples: [
      ["harden -o json=report.json -o console --fail-on critical"],
      ["harden --reports reports --baseline latest"],
      ["harden --plan remediation/ && less remediation/apply.sh"],
    ],
  })
    .action(async (flags: ScanFlags) => {
      refuseWords(command.args);
      process.exitCode = flags.apply === true ? await apply(flags) : await scan(flags);
    });
}

async function apply(flags: ScanFlags): Promise<number> {
  const stray = (["snapshot", "plan", "output", "failOn", "baseline"] as const).find((name) => flags[name] !== undefined);
  if (stray !== undefined) throw new HardenError(`--${stray === "failOn" ? "fail-on" : stray} does not go with --apply`, { hint: "harden scan with it first, then harden --apply" });
  const { runApply } = await import("./apply/run-apply.ts");
  return runApply(null, flags);
}

/** The exit code. What could be judged is written even where an output or the plan fails. */
async function scan(flags: ScanFlags): Promise<number> {
  refuseApplyFlags(flags);
  for (const name of ["plan", "reports"] as const) if (flags[name] === "") throw new HardenError(`--${name} names no folder`, { hint: `--${name} DIR` });
  const outputs = parseOutputs(flags.output ?? [], FORMATS, "console");
  const settings = await readScanSettings(flags.config);
  if (flags.baseline === LATEST && flags.reports === undefined) throw new HardenError("--baseline latest needs the folder of reports", { hint: "--reports DIR names it" });
  const recorded = flags.snapshot === undefined ? null : await loadSnapshot(flags.snapshot);
  const name = recorded === null ? null : await nameRecorded(recorded, flags);
  const chosen = await choosePolicies(flags, settings, "live", KINDS, (policy) => recorded === null || isDefined(policy, recorded));
  const compiled = recorded !== null && isCrictl(recorded) ? chosen.map(adviseForPods) : chosen;
  const policies = compiled.map(({ policy }) => policy);
  const { listSysctlNames } = await import("../policy/sysctl-names.ts");
  const snapshot = recorded ?? (await takeSnapshot(listSysctlNames(policies)));
  const { report: judged, kinds } = await judgeHost(snapshot, compiled, settings, {
    withTopology: flags.reports !== undefined || outputs.some(({ format }) => showsTopology(format)), ...(name === null ? {} : { name }),
  });
  const [report, unread] = await compareWithEarlier(judged, flags);
  const failOn = flags.failOn ?? settings?.settings.failOn ?? "high";
  await explain(async () => (await import("./explain.ts")).explainReport(report));
  const errors = [...unread, ...(await keep(report, flags)), ...(await writeReport(outputs, report, policies, failOn)), ...(await writePlan(flags, report, snapshot, kinds, compiled))];
  for (const error of errors) writeNote(`harden: ${formatError(error)}\n`);
  const { decideExitCode } = await import("../policy/outcome.ts");
  const code = decideExitCode(report.results, failOn);
  return errors.length > 0 ? 2 : code;
}

/** Null where nothing tells it. Throws HardenError where reports of one host are to be told from those of others then. */
async function nameRecorded(recorded: Snapshot, { snapshot: file = "-", reports, baseline }: ScanFlags): Promise<string | null> {
  const name = nameHost(recorded) ?? (await nameByFile(file));
  const flag = reports !== undefined ? "--reports" : baseline !== undefined ? "--baseline" : null;
  if (name !== null || flag === null) return name;
  throw new HardenError(`${flag} needs the name of the host, and ${file === "-" ? "standard input" : file} does not tell it`, { hint: "save it as NAME.json: what does not say its host's name is called after its file" });
}

async function keep(report: Report, { reports: folder, keepReports: count = 30 }: ScanFlags): Promise<HardenError[]> {
  if (folder === undefined) return [];
  const [{ keepReport }, { renderJson }] = await Promise.all([import("./reports-folder.ts"), import("../report/json.ts")]);
  return attempt(() => { keepReport(folder, report, renderJson(report), count); });
}

function parseCount(value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new HardenError(`--keep-reports ${value} is no number of reports`, { hint: "a whole number from 1 on" });
  return Number(value);
}

/** The audit goes on where the earlier report cannot be read or is on another host: without a comparison, and not without a word. */
async function compareWithEarlier(judged: Report, { baseline, reports = "" }: ScanFlags): Promise<readonly [Report, readonly HardenError[]]> {
  try {
    const earlier = baseline === LATEST ? await (await import("./reports-folder.ts")).readLatest(reports, judged) : await readBaseline(baseline, judged.target);
    return [await applyBaseline(judged, earlier), []];
  } catch (error) {
    if (error instanceof HardenError) return [judged, [error]];
    throw error;
  }
}

async function writePlan(
  { plan: folder, snapshot: recorded }: ScanFlags, report: Report, snapshot: Snapshot, kinds: DerivedKinds, compiled: readonly CompiledPolicy[],
): Promise<HardenError[]> {
  if (folder === undefined) return [];
  if (isCrictl(snapshot)) return [new HardenError("--plan knows how to change Docker's containers, and these are behind the Kubernetes CRI", { hint: "change the pods' specification" })];
  const [{ makePlan, planCompose, writePlanFiles }, { provePlan }] = await Promise.all([import("../remediation/files.ts"), import("../remediation/proof/prove-plan.ts")]);
  say("planning …");
  const compose = await planCompose(report, snapshot, kinds, compiled, await chooseHostFiles(recorded !== undefined, snapshot));
  return attempt(() => {
    const plan = provePlan(makePlan(report, snapshot, kinds, parametersOf(compiled)), snapshot, kinds, compiled, tellSteps("proving the plan: "));
    writeError(foldLines(writePlanFiles(folder, { ...plan, ...(compose.length === 0 ? {} : { compose }) })));
  });
}

/** A reader of the files that the containers' labels name, or why there is none. */
async function chooseHostFiles(isRecorded: boolean, { sources }: Snapshot): Promise<ReadFile | string> {
  if (isRecorded) return "compose files are read on the host itself, and this is a snapshot";
  if (sources.engine.data?.endpoint.startsWith("unix:///") !== true) return "compose files are read on the engine's host, and the engine is not reached by a socket of this one";
  const { openHostFiles } = await import("../collect/compose-files.ts");
  return openHostFiles();
}
