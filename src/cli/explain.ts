/** The lines of `--verbose`: what was decided, and why. */
import { durationOf } from "../collect/guard.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { Policy } from "../policy/model/policy.ts";
import type { Report, Result } from "../policy/model/report.ts";
import type { Profile } from "../policy/model/settings.ts";
import { includesPolicy } from "../policy/profile.ts";
import type { LocatedSettings } from "../policy/settings.ts";
import { reasonOf as describeUnknown } from "../report/console/unknowns.ts";
import type { Snapshot } from "../snapshot/model.ts";

export interface Chosen {
  readonly builtin: readonly Policy[];
  readonly foreign: readonly Policy[];
  readonly profile: Profile;
  /** Who named the profile. */
  readonly named: "--profile" | "the settings" | null;
  readonly settings: LocatedSettings | null;
  readonly mode: "live" | "check";
  readonly selected: readonly CompiledPolicy[];
}

/** Which policies are judged, and for each other one why it is not. */
export function explainChoice({ builtin, foreign, profile, named, settings, mode, selected }: Chosen): string[] {
  const all = [...builtin, ...foreign];
  const judged = new Set(selected.map(({ policy }) => policy.id));
  const left = all.filter(({ id }) => !judged.has(id));
  const reasonOf = (policy: Policy): string => {
    if (!foreign.includes(policy) && !includesPolicy(profile, policy)) return `not in the profile ${profile.name}`;
    if (policy.on?.includes(mode) === false) return mode === "live" ? "for files only" : "for a live host only";
    return `what it judges of a ${policy.target} is not told here`;
  };
  const reasons = Map.groupBy(left, reasonOf);
  return [
    `settings: ${settings === null ? "none" : settings.document.file}`,
    `profile: ${profile.name}, ${named === null ? "the default" : `named by ${named}`}`,
    `policies: ${judged.size} of ${all.length} are judged${foreign.length === 0 ? "" : `, ${foreign.length} of them from --policies`}`,
    ...[...reasons].map(([reason, policies]) => `  ${reason}: ${policies.map(({ id }) => id).join(", ")}`),
  ];
}

/** What each source said, and how long that took where this process asked. */
export function explainSources({ sources }: Snapshot): string[] {
  return Object.entries(sources).map(([name, answer]) => {
    const took = durationOf(answer);
    return `source ${name}: ${answer.status}${took === null ? "" : `, ${took.toFixed(0)} ms`}${answer.detail === null ? "" : `: ${answer.detail}`}`;
  });
}

/** What waivers cover, what could not be decided, and what does not apply, each with the reason. */
export function explainReport({ results }: Report): string[] {
  const waived = Map.groupBy(results.filter(({ waiver }) => waiver !== null), ({ waiver }) => `waiver of ${waiver?.policy ?? ""} for ${waiver?.resource ?? ""} (${waiver?.reason ?? ""})`);
  const unknown = Map.groupBy(results.filter(({ status, waiver }) => status === "unknown" && waiver === null), describeUnknown);
  const aside = Map.groupBy(results.filter(({ status }) => status === "notApplicable"), ({ policy, message }) => `${policy} ${message}`);
  return [
    ...[...waived].map(([title, covered]) => `${title} covers ${covered.map((result) => `${result.policy} on ${nameOf(result)}`).join(", ")}`),
    ...[...unknown].flatMap(([reason, open]) => [`unknown: ${reason}`, ...listByResource(open)]),
    ...[...aside].map(([title, left]) => `${title}: ${[...new Set(left.map(nameOf))].join(", ")}`),
  ];
}

/** A line for the resources that the same policies are on. */
function listByResource(results: readonly Result[]): string[] {
  const policies = [...Map.groupBy(results, nameOf)].map(([name, own]) => ({ name, ids: [...new Set(own.map(({ policy }) => policy))].join(", ") }));
  return [...Map.groupBy(policies, ({ ids }) => ids)].map(([ids, alike]) => `  ${alike.map(({ name }) => name).join(", ")}: ${ids}`);
}

function nameOf({ resource: { kind, id } }: Result): string {
  return id ?? kind;
}
