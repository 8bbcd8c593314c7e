/** The order of test files: what takes longest begins first, so that at the end no worker runs alone. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * How paths below test/ begin, the longest first. A clone has no durations of earlier runs, and the size of a file, which vitest takes instead, says
 * little: a suite of one test may wait for engines. A file that has become short here costs nothing.
 */
const LONG = [
  "e2e/apply.", "e2e/integrations", "e2e/exposure", "e2e/watch", "e2e/apply-crash", "e2e/confirm", "e2e/diagnose", "e2e/tls", "e2e/apply-ssh", "e2e/host", "e2e/lost-engine",
  "e2e/plan", "e2e/podman.", "e2e/traps", "e2e/rights", "e2e/compose-drift", "e2e/apply-signals", "e2e/secrets", "e2e/compose-create", "e2e/network-side",
  "netfilter/walk/walk.kernel", "cli/apply", "compose/oracle", "netfilter/lower/nft.kernel", "compose/hostile", "report/html", "netfilter/network/route.kernel",
  "remediation/fix/property", "facts/daemon/known-keys.oracle", "netfilter/walk/fixed.kernel", "remediation/scripts/scripts", "cli/help", "cli/positions", "cli/baseline",
  "remediation/apply/undone", "cli/talk", "exposure/reachability", "cli/fuzz", "remediation/apply/changed-since",
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
