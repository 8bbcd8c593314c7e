/** Writes src/generated/, which sources import and nobody edits: without it neither the linter nor the compiler knows their types. */
import { generateSnapshotCheck } from "./generate-check.ts";
import { generatePage } from "./generate-page.ts";
import { generate } from "./generate.ts";

export async function writeGenerated(root: string): Promise<void> {
  generate(root);
  await generateSnapshotCheck(root);
  await generatePage(root);
}
