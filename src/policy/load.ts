/** Loads policies that others wrote: reads, validates and tries them out. Nothing of this is needed for the built-in ones. */
import { basename } from "node:path";
import { HardenError, HardenErrors } from "../errors.ts";
import { quote } from "../text.ts";
import { checkExamples } from "./check-examples.ts";
import { checkPolicy } from "./check-policy.ts";
import { placeOf, throwErrors, toErrors, type Fault, type YamlDocument } from "./document.ts";
import { findPolicyFiles } from "./find-files.ts";
import { policySchema, type Policy } from "./model/policy.ts";
import { parseYaml } from "./parse-yaml.ts";
import { MAX_POLICY_BYTES, readText } from "./read-text.ts";
import { findSchemaFaults } from "./validate.ts";

/** What came of looking at policy files. */
export interface Inspection {
  /** The sound ones, in the order of their files. */
  readonly policies: readonly Policy[];
  readonly files: number;
  /** Examples that were run, and those of them that did not come out as claimed or could not be run. */
  readonly examples: number;
  readonly wrongExamples: number;
  readonly errors: readonly HardenError[];
}

/**
 * The policies of some folders and files. The ids of `taken` are not theirs to use. Throws HardenErrors with everything that is wrong in
 * any file, each with its position: a policy that is not sound is never left out silently.
 */
export async function loadPolicies(paths: readonly string[], taken: readonly Policy[]): Promise<readonly Policy[]> {
  const { policies, errors } = await inspectPolicies(paths, taken);
  throwErrors(errors);
  return policies;
}

/** As loadPolicies, for a caller who wants to see what is sound beside what is not. */
export async function inspectPolicies(paths: readonly string[], taken: readonly Policy[]): Promise<Inspection> {
  const files = await findAll(paths);
  const owners = new Map(taken.map(({ id }) => [id, "a built-in policy"]));
  const results: FileResult[] = [];
  for (const file of files.found) results.push(await inspectFile(file, owners));
  return {
    policies: results.flatMap(({ policy }) => (policy === null ? [] : [policy])),
    files: files.found.length,
    examples: sum(results.map((result) => result.examples)),
    wrongExamples: sum(results.map((result) => result.wrongExamples)),
    errors: [...files.errors, ...results.flatMap((result) => result.errors)],
  };
}

interface FileResult {
  readonly policy: Policy | null;
  readonly examples: number;
  readonly wrongExamples: number;
  readonly errors: readonly HardenError[];
}

/** A path that is given twice is read once. */
async function findAll(paths: readonly string[]): Promise<{ found: string[]; errors: HardenError[] }> {
  const found = new Set<string>();
  const errors: HardenError[] = [];
  for (const path of paths) {
    const files = await knownErrors(findPolicyFiles(path));
    if ("errors" in files) errors.push(...files.errors);
    else for (const file of files.value) found.add(file);
  }
  return { found: [...found], errors };
}

/** `owners` says who has an id, and learns this file's. */
async function inspectFile(file: string, owners: Map<string, string>): Promise<FileResult> {
  const nothing = { policy: null, examples: 0, wrongExamples: 0 };
  const document = await knownErrors(readDocument(file));
  if ("errors" in document) return { ...nothing, errors: document.errors };
  const { value } = document;
  const schemaFaults = await findSchemaFaults(POLICY_SCHEMA, value.value);
  if (schemaFaults.length > 0) return { ...nothing, errors: toErrors(value, schemaFaults) };
  const policy = value.value as Policy;
  const idFaults = checkId(policy.id, value, owners);
  const faults = checkPolicy(policy);
  if (faults.length > 0) return { ...nothing, errors: toErrors(value, [...idFaults, ...faults]) };
  const examples = await checkExamples(policy);
  const errors = toErrors(value, [...idFaults, ...examples.faults]);
  return { policy: errors.length === 0 ? policy : null, examples: examples.count, wrongExamples: countExamples(examples.faults), errors };
}

const POLICY_SCHEMA = policySchema();

async function readDocument(file: string): Promise<YamlDocument> {
  return parseYaml(await readText(file, MAX_POLICY_BYTES), file, MAX_POLICY_BYTES);
}

/** A policy is found by the name of its file, and an id means one policy. */
function checkId(id: string, document: YamlDocument, owners: Map<string, string>): Fault[] {
  const faults: Fault[] = [];
  const stem = basename(document.file).replace(/\.ya?ml$/, "");
  if (id !== stem) {
    faults.push({ path: ["id"], part: "value", message: `id is ${quote(id)}, and the file is called ${quote(basename(document.file))}`, hint: "both have to be the same" });
  }
  const owner = owners.get(id);
  if (owner !== undefined) faults.push({ path: ["id"], part: "value", message: `the id ${quote(id)} is taken by ${owner}` });
  const { file, line, column } = placeOf(document, ["id"]);
  if (owner === undefined) owners.set(id, `${file}:${line}:${column}`);
  return faults;
}

/** Faults of one example stand below `examples`, its claim and its number. */
function countExamples(faults: readonly Fault[]): number {
  return new Set(faults.map(({ path }) => path.slice(0, 3).join("/"))).size;
}

async function knownErrors<T>(promise: Promise<T>): Promise<{ value: T } | { errors: readonly HardenError[] }> {
  try {
    return { value: await promise };
  } catch (error) {
    if (error instanceof HardenErrors) return { errors: error.errors };
    if (error instanceof HardenError) return { errors: [error] };
    throw error;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
