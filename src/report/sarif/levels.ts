/** Severities in the words of SARIF and of GitHub. */
import type { ReportingConfiguration } from "sarif";
import type { Severity } from "../../policy/model/policy.ts";

export const LEVELS = { critical: "error", high: "error", medium: "warning", low: "note" } as const satisfies Record<Severity, ReportingConfiguration.level>;

/** GitHub's scale: above 9.0 critical, above 7.0 high, above 4.0 medium. */
export const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = { critical: "9.5", high: "8.0", medium: "5.5", low: "3.0" };
