/** The policies and profiles that come with harden, compiled in at build time and validated by tests. */
import policies from "../generated/policies.json" with { type: "json" };
import profiles from "../generated/profiles.json" with { type: "json" };
import type { Policy } from "./model/policy.ts";
import type { Profile } from "./model/settings.ts";

/** All built-in policies, by id. */
export function builtinPolicies(): readonly Policy[] {
  return policies as unknown as readonly Policy[];
}

/** All built-in profiles, by name. */
export function builtinProfiles(): readonly Profile[] {
  return profiles as unknown as readonly Profile[];
}
