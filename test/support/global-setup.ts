/** Compiles the policies before any test, so that tests work from a clean clone. */
import { fileURLToPath } from "node:url";
import { generate } from "../../scripts/generate.ts";

export function setup(): void {
  generate(fileURLToPath(new URL("../..", import.meta.url)));
}
