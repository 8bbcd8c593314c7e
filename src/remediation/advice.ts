/** What no script does: findings whose remedy is another container, image, network or file, or a person's decision. */
import type { Report, Result } from "../policy/model/report.ts";
import { compareSeverity } from "../policy/compile.ts";
import { compareText } from "../text.ts";
import type { Advice, Step } from "./model.ts";

/** By what is to be done, the worst first, and in each the worst resource first; without what the steps close. A host of a thousand ports hears of a remedy once. */
export function listAdvice(report: Report, steps: readonly Step[]): Advice[] {
  const closed = new Set(steps.flatMap(({ findings }) => findings.map(({ fingerprint }) => fingerprint)));
  const byRemedy = new Map<string, Result[]>();
  for (const result of report.results.filter((one) => needsPerson(one) && !closed.has(one.fingerprint))) {
    const key = JSON.stringify([result.policy, result.remediation?.text]);
    const found = byRemedy.get(key);
    if (found === undefined) byRemedy.set(key, [result]);
    else found.push(result);
  }
  return [...byRemedy.values()].map(toAdvice).sort(byWorst);
}

function needsPerson({ status, waiver, remediation, resource }: Result): boolean {
  if (status !== "fail" || waiver !== null || remediation === null) return false;
  if (remediation.type === "sysctl") return resource.id?.startsWith("host:") !== true;
  if (remediation.type === "firewall") return remediation.protection === "persistence";
  if (remediation.type === "daemon") return Object.keys(remediation.set).length === 0;
  return true;
}

function toAdvice(results: readonly Result[]): Advice {
  const sorted = [...results].sort((a, b) => compareSeverity(b.severity, a.severity) || compareText(a.resource.kind, b.resource.kind) || compareText(a.resource.id ?? "", b.resource.id ?? ""));
  return {
    policy: results[0]?.policy ?? "",
    text: results[0]?.remediation?.text ?? "",
    items: sorted.map(({ severity, message, resource, element, fingerprint }) => ({ severity, message, resource, element, fingerprint })),
  };
}

function byWorst(a: Advice, b: Advice): number {
  const [first, second] = [a.items[0]?.severity ?? "low", b.items[0]?.severity ?? "low"];
  return compareSeverity(second, first) || compareText(a.policy, b.policy) || compareText(a.text, b.text);
}
