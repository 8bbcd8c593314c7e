/** What no script does: findings whose remedy is another container, image, network or file, or a person's decision. */
import type { Report, Result } from "../policy/model/report.ts";
import { compareSeverity } from "../policy/compile.ts";
import { toFinding } from "./findings.ts";
import type { Advice, Step } from "./model.ts";

/** By resource, the worst first; without what the steps close. */
export function listAdvice(report: Report, steps: readonly Step[]): Advice[] {
  const closed = new Set(steps.flatMap(({ findings }) => findings.map(({ fingerprint }) => fingerprint)));
  const byResource = new Map<string, Result[]>();
  for (const result of report.results.filter((one) => needsPerson(one) && !closed.has(one.fingerprint))) {
    const key = JSON.stringify([result.resource.kind, result.resource.id]);
    byResource.set(key, [...(byResource.get(key) ?? []), result]);
  }
  return [...byResource.values()].map(toAdvice).sort(byWorst);
}

function needsPerson({ status, waiver, remediation, resource }: Result): boolean {
  if (status !== "fail" || waiver !== null || remediation === null) return false;
  if (remediation.type === "sysctl") return resource.id?.startsWith("host:") !== true;
  if (remediation.type === "firewall") return remediation.protection === "persistence";
  if (remediation.type === "daemon") return Object.keys(remediation.set).length === 0;
  return true;
}

function toAdvice(results: readonly Result[]): Advice {
  const sorted = [...results].sort((a, b) => compareSeverity(b.severity, a.severity));
  return {
    resource: results[0]?.resource ?? { kind: "host", id: null, name: null },
    items: sorted.map((result) => ({ message: result.message, text: result.remediation?.text ?? "", finding: toFinding(result) })),
  };
}

function byWorst(a: Advice, b: Advice): number {
  const [first, second] = [a.items[0]?.finding.severity ?? "low", b.items[0]?.finding.severity ?? "low"];
  return compareSeverity(second, first) || compare(a.resource.kind, b.resource.kind) || compare(a.resource.id ?? "", b.resource.id ?? "");
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
