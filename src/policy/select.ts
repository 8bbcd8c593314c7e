/** Which policies are judged, and by which parameters: a profile, policies from elsewhere, and the settings. */
import { compilePolicy, type CompiledPolicy } from "./compile.ts";
import { throwErrors, toErrors, type Fault } from "./document.ts";
import { hasWildcard } from "./glob.ts";
import type { Policy } from "./model/policy.ts";
import type { Profile } from "./model/settings.ts";
import { describeUnknownPolicy, findParameterFaults } from "./parameters.ts";
import { findProfile, includesPolicy } from "./profile.ts";
import type { LocatedSettings } from "./settings.ts";

export interface Selection {
  readonly builtin: readonly Policy[];
  readonly profiles: readonly Profile[];
  /** Policies that were loaded from elsewhere; no profile leaves them out. */
  readonly foreign: readonly Policy[];
  /** The profile that a flag names; null leaves it to the settings. */
  readonly profile: string | null;
  readonly settings: LocatedSettings | null;
  /** `live`: a host or its snapshot; `check`: files. */
  readonly mode: "live" | "check";
}

/**
 * The policies to judge by, with their parameters: the profile's before the defaults, the settings' before both. Throws HardenError
 * (or HardenErrors) for a profile, policy or parameter that does not exist and for a parameter value of the wrong type.
 */
export function selectPolicies(selection: Selection): CompiledPolicy[] {
  const { builtin, foreign, settings, mode } = selection;
  const profile = findProfile(selection);
  const all = [...builtin, ...foreign];
  if (settings !== null) throwErrors(toErrors(settings.document, findSettingsFaults(settings, all)));
  return [...builtin.filter((policy) => includesPolicy(profile, policy)), ...foreign]
    .filter((policy) => policy.on === undefined || policy.on.includes(mode))
    .map((policy) => compilePolicy(policy, { ...profile.parameters?.[policy.id], ...settings?.settings.parameters?.[policy.id] }));
}

function findSettingsFaults({ settings }: LocatedSettings, policies: readonly Policy[]): Fault[] {
  return [...findParameterFaults(settings.parameters ?? {}, policies), ...findWaiverFaults(settings.waivers ?? [], policies)];
}

/** A waiver names a policy that exists, or is a glob. */
function findWaiverFaults(waivers: readonly { policy: string }[], policies: readonly Policy[]): Fault[] {
  const ids = policies.map((policy) => policy.id);
  return waivers.flatMap(({ policy }, index): Fault[] => {
    if (hasWildcard(policy) || ids.includes(policy)) return [];
    return [{ path: ["waivers", index, "policy"], part: "value", ...describeUnknownPolicy(policy, ids) }];
  });
}
