/** Which profile is in force. */
import { HardenError } from "../errors.ts";
import { suggest } from "../text.ts";
import { placeOf } from "./document.ts";
import type { Policy } from "./model/policy.ts";
import type { Profile } from "./model/settings.ts";
import type { LocatedSettings } from "./settings.ts";

/** Whether a profile judges by a policy: all that it does not leave out, or those of its benchmark. */
export function includesPolicy({ exclude = [], recommendations }: Profile, { id, references }: Pick<Policy, "id" | "references">): boolean {
  if (exclude.includes(id)) return false;
  return recommendations === undefined || references.some((reference) => reference.type === "cis-docker" && recommendations.some(({ number }) => number === reference.id));
}

const DEFAULT_PROFILE = "baseline";

interface ProfileChoice {
  readonly profiles: readonly Profile[];
  /** The profile that a flag names; null leaves it to the settings. */
  readonly profile: string | null;
  readonly settings: LocatedSettings | null;
}

/** The flag's, else the settings', else baseline. Throws HardenError, for the settings' with its position, if there is none of that name. */
export function findProfile({ profiles, profile, settings }: ProfileChoice): Profile {
  const name = profile ?? settings?.settings.profile ?? DEFAULT_PROFILE;
  const found = profiles.find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  const position = profile === null && settings !== null ? placeOf(settings.document, ["profile"]) : null;
  const hint = suggest(name, profiles.map((candidate) => candidate.name));
  throw new HardenError(`there is no profile "${name}"`, position === null ? { hint } : { hint, position });
}
