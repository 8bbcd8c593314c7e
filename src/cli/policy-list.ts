/** The table of `harden policy list`. */
import { findProfile, includesPolicy } from "../policy/profile.ts";
import type { Policy } from "../policy/model/policy.ts";
import type { Profile } from "../policy/model/settings.ts";
import { printable, wrapIndented } from "./wrap.ts";

/** Two lines a policy, by id: id, severity and target, then the title. Throws HardenError for a profile that does not exist. */
export function listPolicies(builtin: readonly Policy[], profiles: readonly Profile[], foreign: readonly Policy[], profile: string | null): string {
  const chosen = profile === null ? null : findProfile({ profiles, profile, settings: null });
  const policies = [...builtin.filter((policy) => chosen === null || includesPolicy(chosen, policy)), ...foreign].sort((a, b) => (a.id < b.id ? -1 : 1));
  const width = Math.max("ID".length, ...policies.map(({ id }) => id.length));
  const row = (id: string, severity: string, target: string): string => `${id.padEnd(width)}  ${severity.padEnd(8)}  ${target}`;
  const lines = policies.flatMap(({ id, severity, target, title }) => [row(id, severity, target), wrapIndented(title, "  ")]);
  return printable(`${[row("ID", "SEVERITY", "TARGET"), ...lines].join("\n")}\n`);
}
