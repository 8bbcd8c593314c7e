/** Programs of others that read what integrations/ holds. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Where .ci/provision puts one, whether or not it is there. */
export function findJudge(name: "actionlint" | "check-jsonschema" | "pre-commit"): string {
  return join(execFileSync(join(ROOT, ".ci/provision"), ["where-judges"], { encoding: "utf8" }).trim(), name);
}
