/** Services that the chosen profiles leave out. */
import type { Resource } from "../../facts/resource.ts";
import type { Result } from "../../policy/model/report.ts";

/** By id: the profiles of each container that the chosen ones leave out. */
export function listLeftOut(resources: readonly Resource[]): ReadonlyMap<string, string[]> {
  return new Map(resources.filter(isLeftOut).map(({ id, profiles }) => [id, [...profiles]]));
}

function isLeftOut(resource: Resource): resource is Resource & { readonly profiles: readonly string[] } {
  return "active" in resource && resource.active === false && "profiles" in resource;
}

/** Says it in the message too, which every format shows. */
export function markLeftOut({ status, message }: Result, profiles: string[]): Pick<Result, "message" | "profiles"> {
  const isOpen = status === "fail" || status === "unknown";
  return { profiles, message: isOpen ? `${message} (only with the profile ${profiles.join(" or ")})` : message };
}

/**
 * Where profiles are named on the command line, the question is what runs with them: what else was found is neither at fault nor unknown, and still
 * listed. It is judged nevertheless, so that a waiver of it is not taken for one that covers nothing. Without the flag every service counts, whatever
 * COMPOSE_PROFILES says: a gate must not be narrowed by a file of the project.
 */
export function setAside(results: readonly Result[]): Result[] {
  return results.map((result) => {
    const { profiles } = result;
    if (profiles === undefined) return result;
    const message = `does not apply: the service runs only with the profile ${profiles.join(" or ")}`;
    return { ...result, status: "notApplicable", message, location: null, evidence: [], waiver: null };
  });
}
