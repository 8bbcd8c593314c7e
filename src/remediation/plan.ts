/** From a report to what would put it right: the same input gives the same plan. */
import type { Kind } from "../facts/resource.ts";
import type { ParameterValues } from "../policy/parameters.ts";
import type { Report } from "../policy/model/report.ts";
import type { Snapshot } from "../snapshot/model.ts";
import { listAdvice } from "./advice.ts";
import { planContainers } from "./containers/plan-containers.ts";
import { planDaemon } from "./daemon/plan-daemon.ts";
import { planFirewall } from "./firewall/plan-firewall.ts";
import { planModes } from "./modes/plan-modes.ts";
import { planPersistence } from "./persistence/plan-persistence.ts";
import type { Plan } from "./model.ts";
import type { DerivedKinds } from "../policy/evaluate.ts";
import { planRecreation } from "./recreate/plan-recreation.ts";
import { planSysctl } from "./sysctl/plan-sysctl.ts";
import { PLAN_VERSION } from "./version.ts";

/** The kinds of facts that a plan is made from; a kind that was not derived counts as not there. */
export const PLAN_KINDS = ["container", "daemon", "host", "network", "port", "ruleset", "sysctl"] as const satisfies readonly Kind[];

/**
 * `kinds` holds PLAN_KINDS of the snapshot that the report was made from, `parameters` the values in force by policy (what is missing has
 * the handbook's value). Only unwaived failing results lead to steps, and the firewall's unknown ones.
 */
export function buildPlan(report: Report, snapshot: Snapshot, kinds: DerivedKinds, parameters: ParameterValues = {}): Plan {
  const firewall = planFirewall(report, snapshot, kinds, parameters);
  const parts = [firewall, planPersistence(report, snapshot, kinds, firewall.steps), planSysctl(report, snapshot, kinds), planDaemon(report, snapshot, kinds), planModes(report, snapshot, kinds), planContainers(report, snapshot, kinds)];
  const steps = parts.flatMap((part) => part.steps);
  const recreate = planRecreation(report, snapshot, kinds);
  return {
    schemaVersion: PLAN_VERSION,
    tool: report.tool,
    host: snapshot.sources.host.data?.hostname ?? "",
    collectedAt: snapshot.collectedAt,
    policies: [...new Set(steps.flatMap(({ findings }) => findings.map(({ policy }) => policy)))].sort(),
    steps,
    advice: listAdvice(report, steps),
    omitted: parts.flatMap(({ omitted }) => omitted),
    ...(recreate.length === 0 ? {} : { recreate }),
  };
}
