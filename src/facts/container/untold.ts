/** What the engine does not tell of a container, beyond what it says. */
import { textsAt } from "../raw.ts";

const REASON = "podman does not tell it of a container that was not made by `podman run` or `podman create`";

/** Why a key of HostConfig is not known; null where its value, absent ones included, is what it says (collect/podman/complete-container.ts). */
export function explainUntold(inspect: unknown, key: string): string | null {
  return textsAt(inspect, "Untold").includes(key) ? REASON : null;
}
