import type { Policy } from "./model/policy.ts";

/** The sysctl keys (globs) that policies judge: what the collector reads in each container's network namespace. */
export function listSysctlNames(policies: readonly Policy[]): string[] {
  const names = policies.filter((policy) => policy.target === "sysctl").flatMap((policy) => policy.names ?? []);
  return [...new Set(names)].sort();
}
