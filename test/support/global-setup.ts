/** Compiles the policies and the snapshot's schema before any test, so that tests work from a clean clone. */
import { fileURLToPath } from "node:url";
import { generateSnapshotCheck } from "../../scripts/generate-check.ts";
import { generate } from "../../scripts/generate.ts";
import { generatePage } from "../../scripts/generate-page.ts";

export async function setup(): Promise<void> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  generate(root);
  await generateSnapshotCheck(root);
  await generatePage(root);
}
