/** `harden policy test`: every example of some policies, run. */
import { HardenError } from "../errors.ts";
import { builtinPolicies } from "../policy/builtin.ts";
import { checkExamples } from "../policy/check-examples.ts";
import { throwErrors } from "../policy/document.ts";
import { inspectPolicies } from "../policy/load.ts";
import { labelPath } from "../policy/schema-words.ts";
import { readPolicyTexts } from "./foreign-policies.ts";
import { say } from "./progress.ts";
import { writeOut } from "./streams.ts";

/** Checks the policies of a folder and runs their examples. Prints counts; throws HardenErrors with everything that is wrong. */
export async function testFolder(folder: string): Promise<void> {
  say(`trying the policies of ${folder} …`);
  const read = await readPolicyTexts([folder]);
  const { policies, examples, wrongExamples, errors } = await inspectPolicies(read.texts, []);
  if (read.texts.length > 0) printCounts(read.texts.length, read.texts.length - policies.length, examples, wrongExamples);
  throwErrors([...read.errors, ...errors]);
}

/** Runs the examples of the built-in policies; they are compiled in, so that there are no lines to name. */
export function testBuiltin(): void {
  const errors: HardenError[] = [];
  let examples = 0;
  let unsound = 0;
  say("trying the built-in policies …");
  const policies = builtinPolicies();
  for (const policy of policies) {
    const { count, faults } = checkExamples(policy);
    examples += count;
    unsound += faults.length > 0 ? 1 : 0;
    errors.push(...faults.map(({ path, message }) => new HardenError(`${policy.id}: ${labelPath(path)}: ${message}`)));
  }
  printCounts(policies.length, unsound, examples, errors.length);
  throwErrors(errors);
}

function printCounts(policies: number, unsound: number, examples: number, wrong: number): void {
  writeOut(`${count(policies, "policy", "policies")}, ${unsound === 0 ? "all sound" : `${unsound} not sound`}; ` +
    `${count(examples, "example", "examples")}, ${wrong === 0 ? "all as claimed" : `${wrong} not as claimed`}\n`);
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
