/** `harden scan`, and `harden` alone: audits this host or a snapshot of one. */
import type { Command } from "commander";
import { Option } from "commander";
import { formatError, HardenError } from "../errors.ts";
import type { DerivedKinds } from "../policy/evaluate.ts";
import type { Policy } from "../policy/model/policy.ts";
import type { Report } from "../policy/model/report.ts";
import type { FailOn } from "../policy/model/settings.ts";
import type { Snapshot } from "../snapshot/model.ts";
import { takeSnapshot } from "./collect.ts";
import { parseOutputs, writeOutput, type Output } from "./outputs.ts";
import { FORMATS, renderReport, type Format } from "../report/index.ts";
import { VERSION } from "./version.ts";

interface ScanFlags {
  readonly snapshot?: string;
  readonly plan?: string;
  readonly output?: readonly string[];
  readonly profile?: string;
  readonly policies?: readonly string[];
  readonly config?: string;
  readonly failOn?: FailOn;
}

export const FAIL_ON = ["low", "medium", "high", "critical", "never"] as const;

export function addScanCommand(program: Command, refuseWords: (words: readonly string[]) => void): void {
  program
    .command("scan", { isDefault: true })
    .description("Audit this host, or a snapshot of one.")
    // Words are refused by hand: a mistyped command ends here.
    .allowExcessArguments()
    .option("--snapshot <file>", "judge this snapshot (- is standard input) instead of this host")
    .option("--plan <dir>", "write what would put it right as files into this folder")
    .option("-o, --output <format[=file]>", `${FORMATS.join(", ")}; repeatable (default: console)`, collectValue)
    .option("--profile <name>", "which policies are judged, and how strictly: baseline, strict")
    .option("--policies <dir>", "add the policies of this folder; repeatable", collectValue)
    .option("--config <file>", "settings and waivers (default: /etc/harden/harden.yaml)")
    .addOption(new Option("--fail-on <severity>", "exit 1 from this severity on (default: high)").choices(FAIL_ON))
    .addHelpText("after", `
Examples:
  harden -o json=host.json -o console --fail-on critical
  harden scan --snapshot host.json --profile strict
  harden --plan remediation/ && less remediation/apply.sh`)
    .action(async (flags: ScanFlags, command: Command) => {
      refuseWords(command.args);
      process.exitCode = await scan(flags);
    });
}

function collectValue(value: string, values: readonly string[] = []): string[] {
  return [...values, value];
}

/** The exit code. What could be judged is written even where an output or the plan fails. */
async function scan(flags: ScanFlags): Promise<number> {
  const outputs = parseOutputs(flags.output ?? [], FORMATS, "console");
  const { policies, settings } = await choosePolicies(flags);
  const snapshot = flags.snapshot === undefined ? await takeSnapshot(policies.sysctls) : await loadSnapshot(flags.snapshot);
  const { report, kinds } = await judge(snapshot, policies.compiled, settings);
  const errors = [...writeAll(outputs, report, policies.compiled.map(({ policy }) => policy)), ...(await writePlan(flags.plan, report, snapshot, kinds))];
  for (const error of errors) process.stderr.write(`harden: ${formatError(error)}\n`);
  const { decideExitCode } = await import("../policy/outcome.ts");
  const code = decideExitCode(report.results, flags.failOn ?? settings?.settings.failOn ?? "high");
  return errors.length > 0 ? 2 : code;
}

async function choosePolicies(flags: ScanFlags) {
  const [{ builtinPolicies, builtinProfiles }, { loadForeignPolicies }, { selectPolicies }, { listSysctlNames }, { readScanSettings }] = await Promise.all([
    import("../policy/builtin.ts"), import("./foreign-policies.ts"), import("../policy/select.ts"), import("../policy/sysctl-names.ts"),
    import("./settings-file.ts"),
  ]);
  const builtin = builtinPolicies();
  const foreign = await loadForeignPolicies(flags.policies ?? [], builtin);
  const settings = await readScanSettings(flags.config);
  const profile = flags.profile ?? null;
  const compiled = selectPolicies({ builtin, profiles: builtinProfiles(), foreign, profile, settings, mode: "live" });
  return { policies: { compiled, sysctls: listSysctlNames(compiled.map(({ policy }) => policy)) }, settings };
}

async function loadSnapshot(file: string): Promise<Snapshot> {
  const { readSnapshot } = await import("../snapshot/read.ts");
  const name = file === "-" ? "standard input" : file;
  return readSnapshot(await readInput(file, name), name);
}

async function readInput(file: string, name: string): Promise<string> {
  try {
    if (file === "-") return await (await import("node:stream/consumers")).text(process.stdin);
    return await (await import("node:fs/promises")).readFile(file, "utf8");
  } catch (cause) {
    throw new HardenError(`the snapshot cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { position: { file: name }, cause });
  }
}

type Chosen = Awaited<ReturnType<typeof choosePolicies>>;

async function judge(
  snapshot: Snapshot, compiled: Chosen["policies"]["compiled"], settings: Chosen["settings"],
): Promise<{ report: Report; kinds: DerivedKinds }> {
  const [{ deriveFacts }, { evaluatePolicies }, { applyWaivers }, { buildReport, listSources }] = await Promise.all([
    import("../facts/derive.ts"), import("../policy/evaluate.ts"), import("../policy/waive.ts"), import("../policy/report.ts"),
  ]);
  const kinds = deriveFacts(snapshot, compiled.map(({ policy }) => policy.target));
  const results = await evaluatePolicies(compiled, kinds);
  const judged = applyWaivers(results, settings, snapshot.collectedAt, compiled.map(({ policy }) => policy.id));
  const head = {
    tool: { name: "harden", version: VERSION },
    generatedAt: snapshot.collectedAt,
    target: { kind: "host", name: nameTarget(snapshot) },
    sources: listSources(snapshot),
  };
  return { report: buildReport(head, judged), kinds };
}

/** A remote engine's host is called what the engine says it is. */
function nameTarget({ sources: { engine, host } }: Snapshot): string {
  const remote = engine.data !== null && !engine.data.local ? engine.data.info["Name"] : null;
  return typeof remote === "string" ? remote : (host.data?.hostname ?? "unknown");
}

function writeAll(outputs: readonly Output<Format>[], report: Report, policies: readonly Policy[]): HardenError[] {
  return outputs.flatMap(({ format, file }) => {
    const color = file === null && process.stdout.isTTY && process.stdout.hasColors() && !process.env["NO_COLOR"];
    return attempt(() => { writeOutput(file, renderReport(format, report, { color, width: process.stdout.columns || 80, file, policies })); });
  });
}

async function writePlan(folder: string | undefined, report: Report, snapshot: Snapshot, kinds: DerivedKinds): Promise<HardenError[]> {
  if (folder === undefined) return [];
  const { writePlanFiles } = await import("../remediation/files.ts");
  return attempt(() => { process.stderr.write(writePlanFiles(folder, report, snapshot, kinds)); });
}

function attempt(run: () => void): HardenError[] {
  try {
    run();
    return [];
  } catch (error) {
    if (error instanceof HardenError) return [error];
    throw error;
  }
}
