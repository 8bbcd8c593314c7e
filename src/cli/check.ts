/** `harden check`: judges compose files, daemon.json, sysctl files and iptables-save dumps before they reach a host. */
import { relative } from "node:path";
import type { Command } from "commander";
import { formatError } from "../errors.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { Report } from "../policy/model/report.ts";
import type { LocatedSettings } from "../policy/settings.ts";
import { FORMATS, showsFingerprints } from "../report/index.ts";
import { FILE_TYPES } from "./check/classify.ts";
import { KINDS_OF, type CheckContext } from "./check/facts.ts";
import { addFixFlags, type FixFlags, makeRoom, wantsFixes } from "./check/fix-flags.ts";
import type { Mended } from "./check/fix.ts";
import { type Input, listInputs } from "./check/inputs.ts";
import { judgeInputs, type Judged } from "./check/judge.ts";
import { setAside } from "./check/left-out.ts";
import type { Checked } from "./check/plan-fixes.ts";
import { composeReader, parseVariable, readSource } from "./check/read.ts";
import { findCheckSettings } from "./check/settings.ts";
import { applyBaseline, readBaseline } from "./baseline.ts";
import { addHelp } from "./help.ts";
import { addJudgeFlags, choosePolicies, type JudgeFlags, JUDGING_CODES } from "./judge-flags.ts";
import { repeatable, suggesting } from "./options.ts";
import { parseOutputs } from "./outputs.ts";
import { say } from "./progress.ts";
import { writeNote } from "./streams.ts";
import { explain } from "./talk.ts";
import { VERSION } from "./version.ts";
import { writeReport } from "./write-report.ts";

interface CheckFlags extends JudgeFlags, FixFlags {
  readonly file?: readonly string[];
  readonly envFile?: readonly string[];
  readonly env?: readonly string[];
  readonly composeProfile?: readonly string[];
  readonly type?: string;
}

export function addCheckCommand(program: Command): void {
  const command = program
    .command("check")
    .summary("Judge compose files, daemon.json, sysctl files, firewall dumps.")
    .description("Judge files or folders: compose, daemon.json, sysctl files, iptables-save dumps.")
    .argument("[path...]")
    .addOption(repeatable("-f, --file <file>", "compose file; several are one project, in this order"))
    .addOption(repeatable("--env-file <file>", "variables of compose files (default: .env)"))
    .addOption(repeatable("--env <NAME=value>", "a variable of compose files; repeatable"))
    .addOption(repeatable("--compose-profile <name>", "judge what runs with it (default: all); repeatable"))
    .addOption(suggesting("--type <type>", `what - holds: ${FILE_TYPES.join(", ")}`, FILE_TYPES));
  addHelp(addJudgeFlags(addFixFlags(command), ".harden.yaml"), {
    exitCodes: JUDGING_CODES,
    examples: [
      ["harden check compose.yaml daemon.json"],
      ["harden check . -o sarif=harden.sarif -o console"],
    ],
    manual: {
      notes: [
        "Each path is a project of its own; a folder is the compose project in it and the other files there that harden knows. Services are judged against the nearest daemon.json of the same command, without any against the defaults of an engine. --compose-profile given judges only the services that run with one of these profiles. A check that hangs on a variable without a value is unknown: give it by --env.",
        "--fix edits the files so that they pass, as far as no service can break by it; of - the text comes out on standard output. What is waived, in the baseline or hangs on a variable is left alone. The report and the exit code are those of the files after it. With --diff, which is for patch -p0, they are those of the files as they are.",
        "Settings and waivers are those of .harden.yaml, looked for from the working directory up to the root of the git checkout.",
      ],
      examples: [
        ["harden check -f compose.yaml -f compose.prod.yaml --env TAG=1.2"],
        ["harden check . -o json=old.json --fail-on never"],
        ["harden check . --baseline old.json"],
        ["harden check . --fix"],
        ["harden check compose.yaml --diff --unsafe > fixes.patch"],
        ["cat daemon.json | harden check - --type daemon"],
      ],
    },
  })
    .action(async (paths: string[], flags: CheckFlags) => {
      process.exitCode = await check(paths, flags);
    });
}

/** The exit code: 2 if any input could not be read or parsed; what could be judged is reported all the same. */
async function check(paths: readonly string[], flags: CheckFlags): Promise<number> {
  const outputs = makeRoom(parseOutputs(flags.output ?? [], FORMATS, "console"), flags.output !== undefined, paths, flags);
  const settings = await findCheckSettings(flags.config, process.cwd());
  const baseline = await readBaseline(flags.baseline, { kind: "files", name: null });
  const standardInput = { text: null as string | null };
  say("reading files …");
  const context = createContext(flags, standardInput);
  const { inputs, errors, skipped } = await listInputs({
    ...context, files: flags.file ?? [], paths, type: flags.type ?? null, read: readSource, setStandardInput: (text) => { standardInput.text = text; },
  });
  const compiled = await choosePolicies(flags, settings, "check", [...new Set(inputs.flatMap(({ type }) => KINDS_OF[type]))]);
  const fixing = wantsFixes(flags, outputs);
  const isNamed = fixing || baseline !== null || outputs.some(({ format }) => showsFingerprints(format));
  const failOn = flags.failOn ?? settings?.settings.failOn ?? "high";
  const judge = async (list: readonly Input[], within: CheckContext): Promise<Checked> => {
    const judged = await judgeInputs(list, within, compiled, isNamed);
    return { judged, report: await applyBaseline(await buildCheckReport(judged, skipped, compiled, settings, within.profiles !== null), baseline) };
  };
  const found: Mended = { ...(await judge(inputs, context)), errors: [], fixes: new Map() };
  const { judged, report, errors: unwritten, fixes } = fixing ? await (await import("./check/fix.ts")).mend(found, { inputs, context, compiled, judge, flags, outputs }) : found;
  await explain(async () => (await import("./explain.ts")).explainReport(report));
  const trouble = [...errors, ...judged.errors, ...judged.complaints, ...unwritten];
  if (judged.inputs.length > 0) trouble.push(...(await writeReport(outputs, report, compiled.map(({ policy }) => policy), failOn, fixes)));
  for (const error of trouble) writeNote(`harden: ${formatError(error)}\n`);
  const { decideExitCode } = await import("../policy/outcome.ts");
  return trouble.length > 0 ? 2 : decideExitCode(report.results, failOn);
}

function createContext(flags: CheckFlags, standardInput: { readonly text: string | null }): CheckContext {
  const own = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  const given = (flags.env ?? []).map(parseVariable);
  return {
    readFile: composeReader(process.cwd(), () => standardInput.text),
    workingDirectory: process.cwd(),
    environment: { ...own, ...Object.fromEntries(given) },
    given: given.map(([name]) => name),
    envFiles: flags.envFile ?? [],
    profiles: flags.composeProfile ?? null,
  };
}

async function buildCheckReport(
  { results, inputs }: Judged, skipped: readonly string[], compiled: readonly CompiledPolicy[], settings: LocatedSettings | null, narrowed: boolean,
): Promise<Report> {
  const [{ applyWaivers }, { buildReport }] = await Promise.all([import("../policy/waive.ts"), import("../policy/report.ts")]);
  const now = new Date().toISOString();
  const files = new Set(inputs.flatMap((input) => input.files.map(({ file }) => file)));
  const head = {
    tool: { name: "harden", version: VERSION },
    generatedAt: now,
    target: { kind: "files", name: process.cwd().split("/").at(-1) ?? "" },
    sources: [...files].map((name) => ({ name, status: "ok", detail: null })),
    inputs: [...inputs],
    skipped: skipped.filter((path) => !files.has(relative(process.cwd(), path))).length,
  };
  const waived = applyWaivers(results, settings, now, compiled.map(({ policy }) => policy.id));
  return buildReport(head, narrowed ? setAside(waived) : waived);
}
