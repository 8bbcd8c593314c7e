/** What a container is called in reports, waivers and fingerprints. */
import type { ContainerAnswer, Snapshot } from "../snapshot/model.ts";
import { textMapAt } from "./raw.ts";

/**
 * The resource id of each container by the engine's id: `PROJECT/SERVICE[/N]` from Compose's labels, /N from the second replica on,
 * else the name. A one-off container (`compose run`) carries its service's labels without being it, and labels can be set by anyone:
 * where two containers claim one id both fall back to their names, so that a waiver for one never covers the other.
 */
export function listContainerIds(snapshot: Snapshot): Map<string, string> {
  const containers = snapshot.sources.containers.data ?? [];
  const claims = new Map<string, number>();
  for (const container of containers) {
    const claim = claimId(container);
    claims.set(claim, (claims.get(claim) ?? 0) + 1);
  }
  return new Map(containers.map((container) => {
    const claim = claimId(container);
    return [container.id, claims.get(claim) === 1 ? claim : container.name];
  }));
}

/** A name has no slash and an id from labels has one, so the two cannot meet. */
function claimId({ name, inspect }: ContainerAnswer): string {
  const labels = textMapAt(inspect, "Config", "Labels");
  const project = labels["com.docker.compose.project"] ?? "";
  const service = labels["com.docker.compose.service"] ?? "";
  const oneOff = labels["com.docker.compose.oneoff"]?.toLowerCase() === "true";
  if (project === "" || service === "" || oneOff) return name;
  const number = Number(labels["com.docker.compose.container-number"] ?? "1");
  return number > 1 ? `${project}/${service}/${number}` : `${project}/${service}`;
}
