/** Podman, which serves Docker's API without being dockerd. */
import type { Raw } from "./model.ts";

/** By what `GET /version` answers; null: it was not answered. */
export function isPodman(version: Raw | null): boolean {
  return findPodmanComponent(version) !== null;
}

/** The component `Podman Engine` with its Version and, as Details, the versions of its own API. */
export function findPodmanComponent(version: Raw | null): Raw | null {
  const components: unknown = version?.["Components"];
  return (Array.isArray(components) ? (components as unknown[]) : []).find(isPodmanEngine) ?? null;
}

function isPodmanEngine(component: unknown): component is Raw {
  return typeof component === "object" && component !== null && "Name" in component && /^podman/i.test(String(component.Name));
}
