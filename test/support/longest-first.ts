/** The order of test files: what takes longest begins first, so that at the end no worker runs alone. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * How paths below test/ begin, the longest first. A clone has no durations of earlier runs, and the size of a file, which vitest takes instead, says
 * little: a suite of one test may wait for engines. A file that has become short here costs nothing.
 */
const LONG = [
  "e2e/confirm", "e2e/exposure", "e2e/integrations", "e2e/apply", "e2e/host", "e2e/plan", "e2e/lost-engine", "e2e/diagnose", "e2e/traps",
  "netfilter/walk/walk.kernel", "netfilter/lower/nft.kernel", "cli/apply", "report/html", "compose/oracle", "compose/hostile",
  "remediation/fix/property", "netfilter/walk/fixed.kernel", "netfilter/network/route.kernel", "facts/daemon/known-keys.oracle", "exposure/reachability",
];

/** Vitest's own order, by project and size, behind the files that are known to be long. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const index = LONG.findIndex((part) => moduleId.includes(`/test/${part}`));
  return index === -1 ? LONG.length : index;
}
