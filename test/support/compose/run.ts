/** Many random projects, read by harden and by Compose, as many at once as there are CPUs. */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { compareOne } from "./compare.ts";
import { arbitraryProject } from "./generate.ts";
import { findCompose, type WrittenProject } from "./oracle.ts";

export interface Difference {
  readonly index: number;
  readonly project: WrittenProject;
  readonly found: readonly string[];
}

export interface Outcome {
  readonly differences: readonly Difference[];
  readonly refusedByBoth: number;
}

/** The same projects for the same count and seed. `tell` hears of each difference at once. */
export async function compareRandomProjects(count: number, seed: number, tell: (difference: Difference) => void = () => undefined): Promise<Outcome> {
  const projects = fc.sample(arbitraryProject, { numRuns: count, seed }).entries();
  const program = findCompose();
  const root = mkdtempSync(join(tmpdir(), "compose-oracle-"));
  const differences: Difference[] = [];
  let refusedByBoth = 0;
  const work = async (): Promise<void> => {
    for (const [index, project] of projects) {
      const folder = join(root, String(index));
      const compared = await compareOne(program, folder, project);
      rmSync(folder, { recursive: true, force: true });
      if (compared.refusedByBoth) refusedByBoth++;
      if (compared.differences.length === 0) continue;
      const difference = { index, project, found: compared.differences };
      differences.push(difference);
      tell(difference);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, cpus().length) }, work));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return { differences, refusedByBoth };
}
