/** What a container is called in reports, waivers and fingerprints. */
import type { ContainerAnswer, Snapshot } from "../snapshot/model.ts";
import { isService } from "./compose-labels.ts";
import { textAt, textMapAt } from "./raw.ts";

/**
 * The resource id of each container by the engine's id: `PROJECT/SERVICE[/N]` from Compose's labels, /N from the second replica on,
 * `POD/infra` for the one that holds a pod of podman's, which is called otherwise whenever the pod is made anew, else the name. A container of `compose run`
 * or of a hook carries its service's labels without being it, and labels can be set by anyone: where two containers claim one id both fall back to their
 * names, so that a waiver for one never covers the other. One that Compose has made to replace another is called by its name until the other is gone.
 */
export function listContainerIds(snapshot: Snapshot): Map<string, string> {
  const containers = snapshot.sources.containers.data ?? [];
  const waiting = listReplacements(containers);
  const claims = new Map<string, number>();
  for (const container of containers) {
    if (waiting.has(container)) continue;
    const claim = claimId(container);
    claims.set(claim, (claims.get(claim) ?? 0) + 1);
  }
  return new Map(containers.map((container) => {
    const claim = claimId(container);
    return [container.id, !waiting.has(container) && claims.get(claim) === 1 ? claim : container.name];
  }));
}

/** The snapshot without the containers that Compose has made to replace others which are still there: such a moment is over soon. */
export function dropReplacements(snapshot: Snapshot): Snapshot {
  const { containers } = snapshot.sources;
  const waiting = listReplacements(containers.data ?? []);
  if (waiting.size === 0 || containers.data === null) return snapshot;
  return { ...snapshot, sources: { ...snapshot.sources, containers: { ...containers, data: containers.data.filter((container) => !waiting.has(container)) } } };
}

/**
 * `docker compose up` makes the new container under the old one's short id and name with a label of its own, stops and removes the old one, and renames
 * and starts the new one (compose pkg/compose/reconcile.go, planRecreateContainer). One that has been started is none.
 */
function listReplacements(containers: readonly ContainerAnswer[]): ReadonlySet<ContainerAnswer> {
  const claims = new Map(containers.map((container) => [container.id.slice(0, SHORT_ID), claimId(container)]));
  return new Set(containers.filter((container) =>
    (textMapAt(container.inspect, "Config", "Labels")["com.docker.compose.replace"] ?? "") !== "" && textAt(container.inspect, "State", "Status") === "created" &&
    container.name[SHORT_ID] === "_" && claims.get(container.name.slice(0, SHORT_ID)) === claimId(container)));
}

const SHORT_ID = 12;

/** A name has no slash and an id from labels has one, so the two cannot meet. */
function claimId({ name, inspect }: ContainerAnswer): string {
  const pod = textAt(inspect, "InfraOf");
  if (pod !== null) return `${pod}/infra`;
  const labels = textMapAt(inspect, "Config", "Labels");
  if (!isService(labels)) return name;
  const [project = "", service = ""] = ["project", "service"].map((key) => labels[`com.docker.compose.${key}`]);
  const number = Number(labels["com.docker.compose.container-number"] ?? "1");
  return number > 1 ? `${project}/${service}/${number}` : `${project}/${service}`;
}
