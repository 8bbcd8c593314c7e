/** The name of a project, by Compose's rules. */
import { basename } from "node:path/posix";
import { HardenError } from "../../errors.ts";
import { quote } from "../../text.ts";
import { faultAt } from "../fault.ts";
import { substitute } from "../interpolate/template.ts";
import type { Variables } from "../interpolate/variables.ts";
import { child, isNull, printScalar, type ScalarNode } from "../node.ts";
import type { Documents } from "./files.ts";

/**
 * The caller's, else COMPOSE_PROJECT_NAME, else the last `name` in the files, else the folder's. The first two must be well-formed, the
 * others are made so.
 */
export function projectName(given: string | null, variables: Variables, files: readonly Documents[], folder: string): string {
  const explicit = given ?? variables.get("COMPOSE_PROJECT_NAME")?.value ?? "";
  if (explicit !== "") {
    if (normalizeName(explicit) === explicit) return explicit;
    throw new HardenError(`${quote(explicit)} is no project name: lower-case letters, digits, dashes and underscores, beginning with a letter or digit`);
  }
  const name = nameInFiles(files);
  if (name === null) return requireName(normalizeName(basename(folder)), null);
  const { text, unknown, fault } = substitute(printScalar(name), (variable) => variables.get(variable));
  if (fault !== null) throw faultAt(name.at, fault.message);
  // What a variable without a value names cannot be said: the folder's name stands for it.
  return unknown.length > 0 ? requireName(normalizeName(basename(folder)), name) : requireName(normalizeName(text), name);
}

function normalizeName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
}

function nameInFiles(files: readonly Documents[]): ScalarNode | null {
  const names = files.flat().flatMap(({ root }) => child(root, "name") ?? []);
  const last = names.findLast((name) => name.kind === "scalar" && !isNull(name) && name.value !== "");
  return last?.kind === "scalar" ? last : null;
}

function requireName(name: string, at: ScalarNode | null): string {
  if (name !== "") return name;
  const message = "the project has no name: give it one with name: or COMPOSE_PROJECT_NAME";
  throw at === null ? new HardenError(message) : faultAt(at.at, message);
}
