/** Judges resources by policies: every evaluation becomes one result. */
import type { Derived, Kind, Resource } from "../facts/resource.ts";
import type { CompiledPolicy } from "./compile.ts";
import type { Answer, Facts } from "./condition.ts";
import { fingerprint, type Namer } from "./fingerprint.ts";
import { matchesGlob } from "./glob.ts";
import type { Policy } from "./model/policy.ts";
import type { Result } from "./model/report.ts";
import { absenceResult, inapplicableResult, judgedResult, passResult, type Unnamed, unseenResult } from "./result.ts";
import { read, type View } from "./view.ts";

export type DerivedKinds = Readonly<Partial<Record<Kind, Derived>>>;

/**
 * Judges every resource by every policy of its kind. A policy whose kind has no resource gives one notApplicable. Where the source could
 * not be read, or not to its end, there is one unknown for what was not seen. Results stand in the order of policy, resource, element.
 * `name` gives their fingerprints.
 */
export function evaluatePolicies(policies: readonly CompiledPolicy[], kinds: DerivedKinds, name: Namer = fingerprint): Result[] {
  const results: Result[] = [];
  for (const compiled of policies) {
    const { policy } = compiled;
    const derived = kinds[policy.target];
    if (derived === undefined) continue;
    const resources = derived.resources.filter((resource) => concerns(policy, resource));
    // One by one: a service that publishes every port has more results than a call takes arguments.
    for (const resource of resources) for (const result of evaluateResource(compiled, resource, name)) results.push(result);
    if (resources.length === 0 || derived.source.status !== "ok") results.push(nameResult(absenceResult(policy, derived.source), name));
  }
  return results;
}

/** All results of one policy on one resource: one, or with `each` one for every element at fault or unknown. */
export function evaluateResource(compiled: CompiledPolicy, resource: Resource, name: Namer = fingerprint): Result[] {
  return judgeResource(compiled, resource).map((result) => nameResult(result, name));
}

function nameResult(result: Unnamed, name: Namer): Result {
  const { policy, resource: { kind, id }, element } = result;
  return { ...result, fingerprint: name(policy, kind, id, element), waiver: null };
}

function judgeResource(compiled: CompiledPolicy, resource: Resource): Unnamed[] {
  const { policy } = compiled;
  const whole: View = { value: resource, at: "", unknown: resource.unknown };
  const facts: Facts = { [policy.target]: whole };
  const when = compiled.applies(facts);
  if (when?.value === false) return [inapplicableResult(policy, resource, when)];
  const subject: Subject = { compiled, resource, when };
  const results = policy.each === undefined ? [judgeOne(subject, facts, null)] : judgeEach(subject, facts, policy.each);
  return results.length > 0 ? results : [passResult(policy, resource)];
}

/** A policy on a resource to which it applies, or of which that is not known. */
interface Subject {
  readonly compiled: CompiledPolicy;
  readonly resource: Resource;
  readonly when: Answer | null;
}

function judgeOne({ compiled, resource, when }: Subject, facts: Facts, element: string | null): Unnamed {
  const judgement = compiled.judge(facts);
  const views = { ...facts, parameters: compiled.parameters };
  return judgedResult({ policy: compiled.policy, resource, element, when, judgement, views });
}

/** The elements that are at fault or unknown, and one result for the lists that cannot be seen at all. */
function judgeEach(subject: Subject, facts: Facts, paths: readonly string[]): Unnamed[] {
  const { compiled: { policy }, resource } = subject;
  const lists = paths.map((path) => read({ value: resource, at: "", unknown: resource.unknown }, path));
  const unseen = lists.filter((list) => list.unknown !== null);
  const results = unseen.length > 0 ? [unseenResult(policy, resource, unseen)] : [];
  for (const { at, value } of lists) {
    for (const [index, element] of (Array.isArray(value) ? (value as unknown[]) : []).entries()) {
      const view: View = { value: element, at: `${at}/${index}`, unknown: resource.unknown };
      results.push(judgeOne(subject, { ...facts, element: view }, elementKey(element, index)));
    }
  }
  return results.filter((result) => result.status !== "pass");
}

function concerns(policy: Policy, resource: Resource): boolean {
  return policy.names === undefined || policy.names.some((glob) => matchesGlob(resource.name, glob));
}

function elementKey(value: unknown, index: number): string {
  if (typeof value === "string") return value;
  const key: unknown = typeof value === "object" && value !== null && "key" in value ? value.key : undefined;
  return typeof key === "string" ? key : String(index);
}
