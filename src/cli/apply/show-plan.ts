/** The plan on the console, before anything is done. */
import type { Finding, Plan, Step, SysctlChange } from "../../remediation/model.ts";
import { diffLines } from "../../remediation/line-diff.ts";
import { describeProof } from "../../remediation/proof/words.ts";
import { escapeInvisible } from "../../text.ts";
import { wrapIndented } from "../wrap.ts";

/** Each step with what it changes, exactly; then what is left out. Names and texts of the host are in it: nothing of them reaches the terminal as a control. */
export function showPlan(plan: Plan): string {
  const parts = [...plan.steps.map((step, index) => showStep(step, index + 1)), ...showProof(plan), ...showOmitted(plan), ...showAdvice(plan)];
  return `${[`Plan for ${plan.host}`, ...parts].flatMap((part) => part.split("\n")).map(showLine).join("\n")}\n`;
}

/** The tabs of nft's files are meant, and are shown as blanks. */
function showLine(line: string): string {
  return escapeInvisible(line.replaceAll("\t", "    "));
}

function showStep(step: Step, number: number): string {
  const facts = [
    ...step.notes,
    ...(step.restart === null ? [] : [`to be in force: ${step.restart}`]),
    `closes: ${countFindings(step.findings)}`,
  ];
  return [`\n${number}. ${step.title}`, ...showChanges(step), ...facts.map((fact) => wrapIndented(fact, "     ", "   - "))].join("\n");
}

function showChanges(step: Step): string[] {
  switch (step.kind) {
    case "iptables":
      return showDiff(`${step.program}, table filter`, step.before ?? "", rulesOf(step.after));
    case "nft":
      return showDiff(`nft; ${step.before.length === 0 ? "new" : `in place of the tables for ${step.before.join(" and ")}`}`, "", step.after);
    case "persistence":
      return [
        ...step.files.flatMap(({ path, before, after }) => showDiff(path, before ?? "", after)),
        ...step.links.map(({ path, target }) => `   ${path} → ${target}`),
      ];
    case "sysctl":
      return [
        ...step.changes.map((change) => `   ${change.key}: ${showValue(change)}`),
        ...showDiff(step.file.path, step.file.before ?? "", step.file.after),
        ...(step.modules === null ? [] : showDiff(step.modules.path, step.modules.before ?? "", step.modules.after)),
      ];
    case "containers":
      return step.changes.map(({ name, setting, before, after }) => `   ${name}: ${setting} ${before} → ${after}`);
    case "modes":
      return step.changes.map(({ path, before, after }) => `   ${path}: ${before} → ${after}`);
    case "daemon":
      return [
        ...step.changes.map(({ key, before, after }) => `   ${key}: ${before ?? "not set"} → ${after}`),
        ...showDiff(step.file.path, step.file.before ?? "", step.file.after),
      ];
  }
}

function showValue({ before, after }: SysctlChange): string {
  if (before === null) return `${after}, once it is there`;
  return before === after ? `${after} already, now at boot too` : `${before} → ${after}`;
}

function showDiff(what: string, before: string, after: string): string[] {
  return [`   ${what}`, ...diffLines(before, after).map((line) => `     ${line}`)];
}

/** As iptables-save prints them: the load file without what only loading needs. */
function rulesOf(load: string): string {
  const lines = load.split("\n").filter((line) => /^-[AI] /.test(line)).map((line) => line.replace(/^-I (\S+) 1 /, "-A $1 "));
  return lines.map((line) => `${line}\n`).join("");
}

/** What becomes of packets, ports and findings. */
function showProof({ proof }: Plan): string[] {
  if (proof === undefined) return [];
  return describeProof(proof).flatMap(({ heading, lines }) => [`\n${heading}`, ...lines.map((line) => wrapIndented(line, "     ", "   - "))]);
}

function showOmitted({ omitted }: Plan): string[] {
  if (omitted.length === 0) return [];
  return ["\nLeft out", ...omitted.map(({ what, reason }) => wrapIndented(`${what}: ${reason}`, "     ", "   - "))];
}

function showAdvice({ advice }: Plan): string[] {
  const count = advice.reduce((sum, { items }) => sum + items.length, 0);
  return count === 0 ? [] : [`\n${wrapIndented(`${count} finding${count === 1 ? "" : "s"} to be mended by hand: harden scan --plan DIR tells how, and writes patches for compose files`, "")}`];
}

function countFindings(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { policy } of findings) counts.set(policy, (counts.get(policy) ?? 0) + 1);
  return [...counts].map(([policy, count]) => (count === 1 ? policy : `${policy} (${count})`)).join(", ");
}
