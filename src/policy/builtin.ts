/** The policies and profiles that come with harden, compiled in at build time and validated by tests. */
import { KINDS, type Kind } from "../facts/resource.ts";
import { policies } from "../generated/policies.ts";
import profiles from "../generated/profiles.json" with { type: "json" };
import type { Policy } from "./model/policy.ts";
import type { Profile } from "./model/settings.ts";

const compiled: { readonly profiles: unknown } = { profiles };
const made = new Map<Kind, readonly Policy[]>();

/** The built-in policies of some kinds, by id. */
export function builtinPolicies(kinds: readonly Kind[] = KINDS): readonly Policy[] {
  return kinds.flatMap(policiesOf).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function policiesOf(kind: Kind): readonly Policy[] {
  const known = made.get(kind) ?? ((policies[kind]?.() ?? []) as readonly Policy[]);
  made.set(kind, known);
  return known;
}

/** All built-in profiles, by name. */
export function builtinProfiles(): readonly Profile[] {
  return compiled.profiles as readonly Profile[];
}
