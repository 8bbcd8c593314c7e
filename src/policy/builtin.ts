/** The policies and profiles that come with harden, compiled in at build time and validated by tests. */
import policies from "../generated/policies.json" with { type: "json" };
import profiles from "../generated/profiles.json" with { type: "json" };
import type { Policy } from "./model/policy.ts";
import type { Profile } from "./model/settings.ts";

const compiled: { readonly policies: unknown; readonly profiles: unknown } = { policies, profiles };

/** All built-in policies, by id. */
export function builtinPolicies(): readonly Policy[] {
  return compiled.policies as readonly Policy[];
}

/** All built-in profiles, by name. */
export function builtinProfiles(): readonly Profile[] {
  return compiled.profiles as readonly Profile[];
}
