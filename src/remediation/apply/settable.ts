/** Kernel parameters that cannot be set on this machine, which only trying to open them tells: they are left out, with the reason. */
import { accessSync, constants, existsSync } from "node:fs";
import type { Report } from "../../policy/model/report.ts";
import { pathOfSysctlKey } from "../../snapshot/sysctl-key.ts";
import type { Omitted, Plan, SysctlChange } from "../model.ts";

/** The plan without the findings whose parameters cannot be set. `make`: plans from a report. */
export function planWhatCanBeSet(make: (report: Report) => Plan, report: Report): Plan {
  const plan = make(report);
  const blocked = plan.steps.flatMap((step) => (step.kind === "sysctl" ? step.changes : [])).flatMap((change) => {
    const reason = findObstacle(change);
    return reason === null ? [] : [{ change, reason }];
  });
  if (blocked.length === 0) return plan;
  const policies = new Set(blocked.flatMap(({ change }) => change.policies));
  const rest = make({ ...report, results: report.results.filter(({ policy }) => !policies.has(policy)) });
  const findings = plan.steps.flatMap((step) => step.findings);
  const left = blocked.map(({ change, reason }): Omitted => ({
    what: `${change.key} = ${change.after}`, reason, findings: findings.filter(({ policy }) => change.policies.includes(policy)),
  }));
  return { ...rest, omitted: [...rest.omitted, ...left] };
}

/** The kernel judges by the file's mode and the namespace, root or not (kernel: fs/proc/proc_sysctl.c). */
function findObstacle({ key, before, after }: SysctlChange): string | null {
  const file = `/proc/sys/${pathOfSysctlKey(key)}`;
  if (before === after || !existsSync(file)) return null;
  try {
    accessSync(file, constants.W_OK);
    return null;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return code === "EROFS" ? "it is on a file system that is mounted read-only here" : `it cannot be written here (${code})`;
  }
}
