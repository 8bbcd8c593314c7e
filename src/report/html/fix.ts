/** What a remedy changes, as something to copy. */
import type { Result } from "../../policy/model/report.ts";

/** Lines of sysctl.conf, of daemon.json, or of a compose service; null for what has to be done by hand. */
export function printFix(remediation: NonNullable<Result["remediation"]>): string | null {
  if (remediation.type === "sysctl") return printLines(remediation.set, " = ");
  if (remediation.type === "daemon") return Object.keys(remediation.set).length === 0 ? null : JSON.stringify(remediation.set, null, 2);
  if (remediation.type !== "compose" && remediation.type !== "container") return null;
  const { add, set } = remediation.fix ?? {};
  const lines = { ...add, ...set };
  return Object.keys(lines).length === 0 ? null : printLines(lines, ": ");
}

function printLines(values: Readonly<Record<string, unknown>>, separator: string): string {
  return Object.entries(values).map(([key, value]) => `${key}${separator}${printValue(value)}`).join("\n");
}

/** As in YAML's flow style. */
function printValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printValue).join(", ")}]`;
  if (typeof value !== "object" || value === null) return typeof value === "string" && !/[:#{}[\],"']/.test(value) ? value : JSON.stringify(value);
  return `{ ${Object.entries(value).map(([key, part]) => `${key}: ${printValue(part)}`).join(", ")} }`;
}
