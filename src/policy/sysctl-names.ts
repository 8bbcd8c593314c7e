import type { Policy } from "./model/policy.ts";

/** Keys (globs) of sysctls. */
export interface SysctlNames {
  readonly all: readonly string[];
  /** Those that are judged in containers' network namespaces too. */
  readonly inContainers: readonly string[];
}

/** What policies judge, and so what the collector has to read. */
export function listSysctlNames(policies: readonly Policy[]): SysctlNames {
  const judging = policies.filter((policy) => policy.target === "sysctl");
  return { all: namesOf(judging), inContainers: namesOf(judging.filter(({ scopes }) => scopes?.includes("container") !== false)) };
}

function namesOf(policies: readonly Policy[]): string[] {
  return [...new Set(policies.flatMap(({ names = [] }) => names))].sort();
}
