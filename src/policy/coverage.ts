/** How much of a benchmark harden covers. */
import type { Policy } from "./model/policy.ts";
import type { Profile, Recommendation } from "./model/settings.ts";

/** A recommendation with the ids of the policies that refer to its number. */
export interface CoveredRecommendation extends Recommendation {
  readonly policies: readonly string[];
}

/** In the benchmark's order; empty for a profile that is of none. */
export function listCoverage({ recommendations = [] }: Profile, policies: readonly Pick<Policy, "id" | "references">[]): CoveredRecommendation[] {
  return recommendations.map((recommendation) => ({
    ...recommendation,
    policies: policies.filter(({ references }) => references.some(({ type, id }) => type === "cis-docker" && id === recommendation.number)).map(({ id }) => id),
  }));
}
