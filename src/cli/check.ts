/** `harden check`: judges compose files, daemon.json, sysctl files and iptables-save dumps before they reach a host. */
import type { Command } from "commander";
import { formatError, HardenError } from "../errors.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { Namer } from "../policy/fingerprint.ts";
import type { Report, Result } from "../policy/model/report.ts";
import type { LocatedSettings } from "../policy/settings.ts";
import { FORMATS, showsFingerprints } from "../report/index.ts";
import { FILE_TYPES } from "./check/classify.ts";
import { applyComments, openLedger, reportUnused } from "./check/comments.ts";
import { deriveInput, KINDS_OF, type CheckContext } from "./check/facts.ts";
import { listInputs, type Input } from "./check/inputs.ts";
import { composeReader, parseVariable, readSource } from "./check/read.ts";
import { findCheckSettings } from "./check/settings.ts";
import { applyBaseline, readBaseline } from "./baseline.ts";
import { addJudgeFlags, choosePolicies, collectValue, type JudgeFlags } from "./judge-flags.ts";
import { parseOutputs } from "./outputs.ts";
import { writeError } from "./streams.ts";
import { VERSION } from "./version.ts";
import { writeReport } from "./write-report.ts";

interface CheckFlags extends JudgeFlags {
  readonly file?: readonly string[];
  readonly envFile?: readonly string[];
  readonly env?: readonly string[];
  readonly type?: string;
}

export function addCheckCommand(program: Command): void {
  const command = program
    .command("check")
    .description("Judge compose files, daemon.json, sysctl files and iptables-save dumps.")
    .argument("[path...]", "each a project or file of its own; a folder gives its compose project and its other known files")
    .option("-f, --file <file>", "compose file; several are one project, merged in this order", collectValue)
    .option("--env-file <file>", "variables of compose files, instead of .env; repeatable", collectValue)
    .option("--env <NAME=value>", "a variable of compose files; repeatable", collectValue)
    .option("--type <type>", `what standard input (-) holds: ${FILE_TYPES.join(", ")}`);
  addJudgeFlags(command, ".harden.yaml, looked for up to the git root")
    .addHelpText("after", `
A variable without a value that decides a check makes it unknown (exit 3): give it with --env.

Examples:
  harden check compose.yaml daemon.json
  harden check -f compose.yaml -f compose.prod.yaml --env TAG=1.2
  harden check . -o sarif=harden.sarif -o console
  harden check . -o json=old.json --fail-on never; harden check . --baseline old.json
  cat daemon.json | harden check - --type daemon`)
    .action(async (paths: string[], flags: CheckFlags) => {
      process.exitCode = await check(paths, flags);
    });
}

/** The exit code: 2 if any input could not be read or parsed; what could be judged is reported all the same. */
async function check(paths: readonly string[], flags: CheckFlags): Promise<number> {
  const outputs = parseOutputs(flags.output ?? [], FORMATS, "console");
  const settings = await findCheckSettings(flags.config, process.cwd());
  const baseline = await readBaseline(flags.baseline);
  const compiled = await choosePolicies(flags, settings, "check");
  const standardInput = { text: null as string | null };
  const { inputs, errors } = await listInputs({
    files: flags.file ?? [], paths, type: flags.type ?? null, read: readSource, setStandardInput: (text) => { standardInput.text = text; },
  });
  const context = createContext(flags, standardInput);
  const isNamed = baseline !== null || outputs.some(({ format }) => showsFingerprints(format));
  const { results, files, errors: faults, complaints } = await judgeInputs(inputs, context, compiled, isNamed);
  const report = await applyBaseline(await buildCheckReport(results, files, compiled, settings), baseline);
  const trouble = [...errors, ...faults, ...complaints];
  if (inputs.length > faults.length) trouble.push(...writeReport(outputs, report, compiled.map(({ policy }) => policy)));
  for (const error of trouble) writeError(`harden: ${formatError(error)}\n`);
  const { decideExitCode } = await import("../policy/outcome.ts");
  return trouble.length > 0 ? 2 : decideExitCode(report.results, flags.failOn ?? settings?.settings.failOn ?? "high");
}

function createContext(flags: CheckFlags, standardInput: { readonly text: string | null }): CheckContext {
  const own = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return {
    readFile: composeReader(process.cwd(), () => standardInput.text),
    workingDirectory: process.cwd(),
    environment: { ...own, ...Object.fromEntries((flags.env ?? []).map(parseVariable)) },
    envFiles: flags.envFile ?? [],
  };
}

interface Judged {
  readonly results: Result[];
  readonly files: string[];
  /** One for each input that could not be judged. */
  readonly errors: HardenError[];
  /** What is wrong in inputs that could. */
  readonly complaints: readonly HardenError[];
}

/** Each input on its own: a broken one does not hide the findings of the others. Results are named if anyone asks for it. */
async function judgeInputs(inputs: readonly Input[], context: CheckContext, compiled: readonly CompiledPolicy[], isNamed: boolean): Promise<Judged> {
  const [{ evaluatePolicies }, { fingerprint }] = await Promise.all([import("../policy/evaluate.ts"), import("../policy/fingerprint.ts")]);
  const judged = { results: [] as Result[], files: [] as string[], errors: [] as HardenError[] };
  const comments = openLedger(compiled);
  for (const input of inputs) {
    try {
      const { kinds, files, prefix, commented, relatedTo } = await deriveInput(input, context);
      const withoutPrefix = (id: string | null): string | null => (id?.startsWith(prefix) === true ? id.slice(prefix.length) : id);
      const name: Namer = (policy, kind, id, element) => (isNamed ? fingerprint(policy, kind, withoutPrefix(id), element, files[0] ?? null) : "");
      const policies = compiled.filter(({ policy }) => KINDS_OF[input.type].includes(policy.target));
      const results = await applyComments(comments, evaluatePolicies(policies, kinds, name), kinds.container?.resources ?? [], commented);
      // One by one: thousands of services have more results than a call takes arguments.
      for (const result of results) {
        const { location } = result;
        const related = location === null ? [] : [...(relatedTo?.(location) ?? [])];
        judged.results.push({ ...result, ...(related.length === 0 ? {} : { related }) });
      }
      judged.files.push(...files);
    } catch (error) {
      if (!(error instanceof HardenError)) throw error;
      judged.errors.push(error);
    }
  }
  return { ...judged, results: [...judged.results, ...(await reportUnused(comments))], complaints: comments.faults.flat() };
}

async function buildCheckReport(
  results: readonly Result[], files: readonly string[], compiled: readonly CompiledPolicy[], settings: LocatedSettings | null,
): Promise<Report> {
  const [{ applyWaivers }, { buildReport }] = await Promise.all([import("../policy/waive.ts"), import("../policy/report.ts")]);
  const now = new Date().toISOString();
  const head = {
    tool: { name: "harden", version: VERSION },
    generatedAt: now,
    target: { kind: "files", name: process.cwd().split("/").at(-1) ?? "" },
    sources: [...new Set(files)].map((name) => ({ name, status: "ok", detail: null })),
  };
  return buildReport(head, applyWaivers(results, settings, now, compiled.map(({ policy }) => policy.id)));
}
