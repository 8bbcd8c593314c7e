/** `harden report`: saved JSON reports in any format again, those of several hosts as one. */
import type { Command } from "commander";
import { formatError } from "../errors.ts";
import type { SavedReport } from "../policy/merge-reports.ts";
import type { Policy } from "../policy/model/policy.ts";
import type { Report } from "../policy/model/report.ts";
import { FORMATS } from "../report/index.ts";
import { addHelp } from "./help.ts";
import { outputOption } from "./options.ts";
import { parseOutputs } from "./outputs.ts";
import { say } from "./progress.ts";
import { readText } from "./read-text.ts";
import { writeNote } from "./streams.ts";
import { addTalkFlags, explain } from "./talk.ts";
import { VERSION } from "./version.ts";
import { writeReport } from "./write-report.ts";

/** As large as a report of a hundred thousand results. */
const MAXIMUM_BYTES = 256 * 1024 * 1024;

export function addReportCommand(program: Command): void {
  const command = program
    .command("report")
    .summary("Render saved reports in other formats; merge several hosts.")
    .description("Render saved JSON reports in other formats; those of several hosts become one.")
    .argument("<file...>", "JSON reports of harden (-: standard input)")
    .addOption(outputOption(FORMATS));
  addTalkFlags(command, "no progress; on the console only what is open");
  addHelp(command, {
    exitCodes: [[0, "rendered, whatever was found"], [2, "a file that is no report"]],
    examples: [["harden report report.json -o html=report.html"], ["harden report web-1.json web-2.json -o html=fleet.html -o console"]],
  })
    .action(async (files: [string, ...string[]], flags: { readonly output?: readonly string[] }) => {
      process.exitCode = await report(files, flags.output ?? []);
    });
}

async function report(files: readonly [string, ...string[]], values: readonly string[]): Promise<number> {
  const outputs = parseOutputs(values, FORMATS, "console");
  const [{ mergeReports }, { builtinPolicies }] = await Promise.all([import("../policy/merge-reports.ts"), import("../policy/builtin.ts")]);
  const [first, ...others] = files;
  const saved: [SavedReport, ...SavedReport[]] = [await read(first)];
  for (const file of others) saved.push(await read(file));
  if (others.length > 0) say(`merging ${saved.length} reports …`);
  const merged = mergeReports(saved, { name: "harden", version: VERSION });
  await explain(async () => (await import("./explain.ts")).explainReport(merged));
  const errors = await writeReport(outputs, merged, asJudged(builtinPolicies(), merged), "low");
  for (const error of errors) writeNote(`harden: ${formatError(error)}\n`);
  return errors.length > 0 ? 2 : 0;
}

/** With the remedies of the report, which have the parameters that were in force. */
function asJudged(policies: readonly Policy[], { results }: Report): Policy[] {
  const remedies = new Map(results.map(({ policy, remediation }) => [policy, remediation]));
  return policies.map((policy) => ({ ...policy, remediation: remedies.get(policy.id) ?? policy.remediation }));
}

async function read(file: string): Promise<SavedReport> {
  const { parseReport } = await import("../policy/parse-report.ts");
  const name = file === "-" ? "standard input" : file;
  say(`reading ${name} …`);
  const text = file === "-" ? await (await import("node:stream/consumers")).text(process.stdin) : readText(file, MAXIMUM_BYTES);
  return { file: name, report: await parseReport(text, name) };
}
