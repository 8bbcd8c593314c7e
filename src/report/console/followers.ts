/** What follows from a privileged container. */
import type { Result } from "../../policy/model/report.ts";

/** A fail, and the ids of policies that fail for no other reason than this one. */
export interface Fault {
  readonly result: Result;
  readonly followers: readonly string[];
}

const CAUSE = "container-privileged";

/**
 * Folds what a privileged container fails because it is privileged under its one fault: mending that mends them, and nothing else does.
 * Only where that fault is itself among the given fails.
 */
export function foldFollowers(fails: readonly Result[]): Fault[] {
  const privileged = new Set(fails.filter(({ policy }) => policy === CAUSE).map(({ resource }) => resource.id));
  const follows = (result: Result): boolean => result.policy !== CAUSE && privileged.has(result.resource.id) && isOfPrivilege(result);
  const followers = new Map<string | null, string[]>();
  for (const result of fails.filter(follows)) {
    followers.set(result.resource.id, [...(followers.get(result.resource.id) ?? []), result.policy]);
  }
  return fails
    .filter((result) => !follows(result))
    .map((result) => ({ result, followers: result.policy === CAUSE ? [...new Set(followers.get(result.resource.id))].sort() : [] }));
}

function isOfPrivilege({ resource, evidence }: Result): boolean {
  return resource.kind === "container" && evidence.some(({ path, actual }) => path === "privileged" && actual === true);
}
