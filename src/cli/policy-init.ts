/** `harden policy init`: a policy to begin with, whose examples are as claimed. */
import { existsSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { HardenError } from "../errors.ts";
import { makeFolder } from "../folder.ts";
import { describeSystemError, hintAccess } from "./read-text.ts";

/**
 * Writes ID.yaml. `path` may name a folder before it, which is made where it is missing; `taken` are the ids that policies have already. Throws HardenError
 * for a name that is none of a policy's or is taken, and where there is such a file.
 */
export function writePolicyDraft(path: string, taken: readonly string[]): string {
  const file = path.endsWith(".yaml") ? path : `${path}.yaml`;
  const id = basename(file, ".yaml");
  if (!/^[a-z][a-z0-9-]*$/.test(id)) throw new HardenError(`${JSON.stringify(id)} is no id of a policy`, { hint: "small letters, digits and dashes, a letter first: registry-of-ours" });
  if (taken.includes(id)) throw new HardenError(`${id} is the id of a built-in policy`, { hint: "choose another one: both could not be told apart" });
  if (existsSync(file)) throw new HardenError("is there already; nothing was written", { position: { file }, hint: "choose another id, or try it out: harden policy test FILE" });
  try {
    makeFolder(dirname(file));
    writeFileSync(file, DRAFT.replace("{ID}", id), { flag: "wx" });
  } catch (error) {
    throw new HardenError(`cannot be written: ${describeSystemError(error)}`, { position: { file }, cause: error, ...hintAccess(error) });
  }
  return `${file} is written. Change it, then try it out:\n  harden policy test ${file}\n  harden scan --policies ${file}\n`;
}

/** With each part that most policies have, and what may stand there. */
const DRAFT = `# The schema of this file: harden policy schema
id: {ID}
title: Image comes from a registry that is not ours
# low, medium, high or critical
severity: medium
# container, image, daemon, network, port, ruleset, sysctl or host; harden policy explain ID shows what policies read of them
target: container
# The condition under which it is at fault: all, any, not, and comparisons.
fail:
  all:
    - not: { fact: container, path: image.reference, operator: matchesAnyGlob, value: { fact: parameters, path: registries } }
message: "{container.name} runs {container.image.reference}, which is of none of {parameters.registries}"
rationale: >-
  Say here why it matters to those who will read the finding: what can happen, and what is accepted.
references:
  - { type: cwe, id: CWE-829 }
# Values that the settings of a host may change.
parameters:
  registries:
    description: Globs of the images that are fine
    default: ["registry.example.org/*"]
remediation:
  type: manual
  text: "Push the image to the registry, and name it there."
# At least one that fails and one that passes; of a resource only the keys that matter.
examples:
  fail:
    - resource: { name: web, image: { reference: "docker.io/library/nginx:1.27" } }
  pass:
    - resource: { name: web, image: { reference: "registry.example.org/nginx:1.27" } }
    - resource: { name: web, image: { reference: "ghcr.io/shop/web:4" } }
      parameters: { registries: ["ghcr.io/shop/*"] }
  unknown:
    - resource: { name: web, unknown: { /image: "no inspect answer" } }
`;
