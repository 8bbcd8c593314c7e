/** Runs the examples of a policy: each has to come out as its author claims. */
import { quote } from "../text.ts";
import { compilePolicy, compareSeverity, type CompiledPolicy } from "./compile.ts";
import { hasName, hasScope } from "./concerns.ts";
import type { Fault } from "./document.ts";
import { evaluateResource } from "./evaluate.ts";
import { buildExampleResource } from "./example-resource.ts";
import type { Example, Policy, Severity } from "./model/policy.ts";
import type { Result, Status } from "./model/report.ts";
import { findValueFaults } from "./parameters.ts";

/** A hostile policy must not keep harden busy. */
const MAX_EXAMPLES = 100;

const CLAIMS = ["fail", "pass", "unknown", "notApplicable"] as const;
const CLAIM_WORDS: Readonly<Record<Status, string>> = { fail: "fail", pass: "pass", unknown: "be unknown", notApplicable: "not apply" };
const OUTCOME_WORDS: Readonly<Record<Status, string>> = { fail: "it fails", pass: "it passes", unknown: "it is unknown", notApplicable: "it does not apply" };

export interface ExampleCheck {
  readonly count: number;
  /** One for each example that is not as claimed, or cannot be run. */
  readonly faults: readonly Fault[];
}

/** Runs all examples of a policy that has no other faults. */
export function checkExamples(policy: Policy): ExampleCheck {
  const examples = CLAIMS.flatMap((claim) => (policy.examples[claim] ?? []).map((example, index) => ({ claim, example, index })));
  if (examples.length > MAX_EXAMPLES) {
    return { count: examples.length, faults: [{ path: ["examples"], part: "key", message: `the policy has ${examples.length} examples, more than ${MAX_EXAMPLES}` }] };
  }
  const faults: Fault[] = [];
  for (const { claim, example, index } of examples) {
    const found = checkExample(policy, claim, example);
    faults.push(...found.map((fault) => ({ ...fault, path: ["examples", claim, index, ...fault.path] })));
  }
  return { count: examples.length, faults };
}

/** Paths start at the example. */
function checkExample(policy: Policy, claim: Status, example: Example): Fault[] {
  const { resource, faults } = buildExampleResource(policy, example);
  const badValues = findValueFaults(policy, example.parameters ?? {}).map((fault) => ({ ...fault, path: ["parameters", ...fault.path] }));
  if (faults.length > 0 || badValues.length > 0) return [...faults, ...badValues];
  if (!hasName(policy, resource)) {
    return [{ path: ["resource", "name"], part: "value", message: `the policy does not judge ${quote(resource.name)}: none of its names matches` }];
  }
  if (!hasScope(policy, resource)) return [{ path: ["resource"], part: "value", message: "the policy does not judge it: its scope is none of the policy's" }];
  const compiled = compilePolicy(policy, example.parameters);
  const results = evaluateResource(compiled, resource);
  const outcome = summarize(results);
  if (outcome.status !== claim) {
    const why = outcome.status === "pass" ? explainPass(compiled, resource) : outcome.message.replace(/^does not apply: /, "");
    return [{ path: [], part: "value", message: `the example should ${CLAIM_WORDS[claim]}, and ${OUTCOME_WORDS[outcome.status]}: ${why}` }];
  }
  return checkSeverity(claim, example.severity, outcome.severity);
}

/** Of the results of one resource: a fail decides, then an unknown; the worst severity among those counts. */
function summarize(results: readonly Result[]): { status: Status; message: string; severity: Severity } {
  for (const status of ["fail", "unknown"] as const) {
    const worst = results.filter((result) => result.status === status).sort((a, b) => compareSeverity(b.severity, a.severity))[0];
    if (worst !== undefined) return { status, message: worst.message, severity: worst.severity };
  }
  const [result] = results;
  if (result === undefined) throw new Error("an evaluation gave no result");
  return { status: result.status, message: result.message, severity: result.severity };
}

function explainPass({ policy, judge, parameters }: CompiledPolicy, resource: ReturnType<typeof buildExampleResource>["resource"]): string {
  if (policy.each !== undefined) return `no element of ${policy.each.join(", ")} is at fault`;
  const { fail } = judge({ [policy.target]: { value: resource, at: "", unknown: resource.unknown }, parameters });
  const parts = fail.deciding.map(({ fact, path, read }) => `${fact}${path === undefined ? "" : `.${path}`} is ${quote(read.value ?? null)}`);
  return [...new Set(parts)].join(", ");
}

function checkSeverity(claim: Status, claimed: Severity | undefined, actual: Severity): Fault[] {
  if (claimed === undefined) return [];
  if (claim !== "fail" && claim !== "unknown") return [{ path: ["severity"], part: "key", message: "only a failing or unknown example has a severity" }];
  return claimed === actual ? [] : [{ path: ["severity"], part: "value", message: `the example should have severity ${claimed}, and has ${actual}` }];
}
