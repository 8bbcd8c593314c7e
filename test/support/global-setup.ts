/** Compiles the policies and the snapshot's schema before any test, so that tests work from a clean clone. */
import { fileURLToPath } from "node:url";
import { writeGenerated } from "../../scripts/generated.ts";

export async function setup(): Promise<void> {
  await writeGenerated(fileURLToPath(new URL("../..", import.meta.url)));
}
