/** Loads policies that others wrote: validates them and tries them out. Nothing of this is needed for the built-in ones. */
import { basename } from "node:path";
import { HardenError, HardenErrors } from "../errors.ts";
import { quote } from "../text.ts";
import { checkExamples } from "./check-examples.ts";
import { checkPolicy } from "./check-policy.ts";
import { placeOf, toErrors, type Fault, type YamlDocument } from "./document.ts";
import { MAX_POLICY_SIZE } from "./limits.ts";
import { policySchema, type Policy } from "./model/policy.ts";
import { parseYaml } from "./parse-yaml.ts";
import { findSchemaFaults } from "./validate.ts";

/** A policy file that was read. */
export interface PolicyText {
  readonly file: string;
  readonly text: string;
}

/** What came of looking at policy files. */
export interface Inspection {
  /** The sound ones, in the order of their files. */
  readonly policies: readonly Policy[];
  /** Examples that were run, and those of them that did not come out as claimed or could not be run. */
  readonly examples: number;
  readonly wrongExamples: number;
  /** Everything that is wrong in any file, each with its position. */
  readonly errors: readonly HardenError[];
}

/** Judges some policy files. The ids of `taken` are not theirs to use. */
export async function inspectPolicies(texts: readonly PolicyText[], taken: readonly Policy[]): Promise<Inspection> {
  const owners = new Map(taken.map(({ id }) => [id, "a built-in policy"]));
  const results: FileResult[] = [];
  for (const text of texts) results.push(await inspectFile(text, owners));
  return {
    policies: results.flatMap(({ policy }) => (policy === null ? [] : [policy])),
    examples: sum(results.map((result) => result.examples)),
    wrongExamples: sum(results.map((result) => result.wrongExamples)),
    errors: results.flatMap((result) => result.errors),
  };
}

interface FileResult {
  readonly policy: Policy | null;
  readonly examples: number;
  readonly wrongExamples: number;
  readonly errors: readonly HardenError[];
}

/** `owners` says who has an id, and learns this file's. */
async function inspectFile({ file, text }: PolicyText, owners: Map<string, string>): Promise<FileResult> {
  const nothing = { policy: null, examples: 0, wrongExamples: 0 };
  const parsed = knownErrors(() => parseYaml(text, file, MAX_POLICY_SIZE));
  if ("errors" in parsed) return { ...nothing, errors: parsed.errors };
  const document = parsed.value;
  const schemaFaults = await findSchemaFaults(POLICY_SCHEMA, document.value);
  if (schemaFaults.length > 0) return { ...nothing, errors: toErrors(document, schemaFaults) };
  const policy = document.value as Policy;
  const idFaults = checkId(policy.id, document, owners);
  const faults = checkPolicy(policy);
  if (faults.length > 0) return { ...nothing, errors: toErrors(document, [...idFaults, ...faults]) };
  const examples = checkExamples(policy);
  const errors = toErrors(document, [...idFaults, ...examples.faults]);
  return { policy: errors.length === 0 ? policy : null, examples: examples.count, wrongExamples: countExamples(examples.faults), errors };
}

const POLICY_SCHEMA = policySchema();

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

function knownErrors<T>(run: () => T): { value: T } | { errors: readonly HardenError[] } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof HardenErrors) return { errors: error.errors };
    if (error instanceof HardenError) return { errors: [error] };
    throw error;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
