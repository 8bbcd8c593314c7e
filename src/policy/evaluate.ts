/** Judges resources by policies: every evaluation becomes one result. */
import type { Derived, Kind, Resource } from "../facts/resource.ts";
import type { CompiledPolicy } from "./compile.ts";
import { concerns } from "./concerns.ts";
import type { Answer, Facts } from "./condition.ts";
import { fingerprint, type Namer } from "./fingerprint.ts";
import { hasWildcard } from "./glob.ts";
import type { Policy } from "./model/policy.ts";
import type { Result } from "./model/report.ts";
import { absenceResult, inapplicableResult, judgedResult, passResult, type Subject, toSubject, unseenResult } from "./result.ts";
import { type Read, read, type View } from "./view.ts";

export type DerivedKinds = Readonly<Partial<Record<Kind, Derived>>>;

/**
 * Judges every resource by every policy of its kind. A policy whose kind has no resource gives one notApplicable. Where the source could
 * not be read, or not to its end, there is one unknown for what was not seen. Results stand in the order of policy, resource, element.
 * `name` gives their fingerprints.
 */
export function evaluatePolicies(policies: readonly CompiledPolicy[], kinds: DerivedKinds, name: Namer = fingerprint): Result[] {
  const results: Result[] = [];
  const subjects = new Map<Kind, Subjects>();
  for (const compiled of policies) {
    const { policy } = compiled;
    const derived = kinds[policy.target];
    if (derived === undefined) continue;
    const all = subjects.get(policy.target) ?? indexSubjects(derived.resources.map((resource) => toSubject(resource, name)));
    subjects.set(policy.target, all);
    const concerned = selectConcerned(policy, all);
    for (const subject of concerned) evaluateInto(results, compiled, subject);
    if (concerned.length === 0 || derived.source.status !== "ok") results.push(absenceResult(policy, derived.source, name));
  }
  return results;
}

interface Subjects {
  readonly all: readonly Subject[];
  readonly named: (name: string) => readonly Subject[];
}

function indexSubjects(all: readonly Subject[]): Subjects {
  let byName: ReadonlyMap<string, readonly Subject[]> | null = null;
  return { all, named: (name) => (byName ??= Map.groupBy(all, ({ resource }) => resource.name)).get(name) ?? [] };
}

/** There are a thousand sysctls, and most policies on them are about one: it is not looked for among all. */
function selectConcerned(policy: Policy, { all, named }: Subjects): readonly Subject[] {
  const { names, scopes } = policy;
  if (names === undefined && scopes === undefined) return all;
  const [name, ...others] = names ?? [];
  const candidates = name === undefined || others.length > 0 || hasWildcard(name) ? all : named(name);
  return candidates.filter(({ resource }) => concerns(policy, resource));
}

/** All results of one policy on one resource: one, or with `each` one for every element at fault or unknown. */
export function evaluateResource(compiled: CompiledPolicy, resource: Resource, name: Namer = fingerprint): Result[] {
  const results: Result[] = [];
  evaluateInto(results, compiled, toSubject(resource, name));
  return results;
}

/** Adds to one list, since thousands of resources have hundreds of thousands of results. */
function evaluateInto(results: Result[], compiled: CompiledPolicy, subject: Subject): void {
  const { policy, parameters } = compiled;
  const facts: Facts = { [policy.target]: subject.whole, parameters };
  const when = compiled.applies(facts);
  if (when?.value === false) {
    results.push(inapplicableResult(policy, subject, when));
    return;
  }
  if (policy.each === undefined) {
    results.push(judgedResult({ policy, subject, element: null, when, judgement: compiled.judge(facts), facts }));
    return;
  }
  const before = results.length;
  judgeEach(results, { compiled, subject, facts, when }, policy.each);
  if (results.length === before) results.push(passResult(policy, subject));
}

/** A policy on a resource to which it applies, or of which that is not known. */
interface Case {
  readonly compiled: CompiledPolicy;
  readonly subject: Subject;
  readonly facts: Facts;
  readonly when: Answer | null;
}

/** The elements that are at fault or unknown, and one result for the lists that cannot be seen at all. */
function judgeEach(results: Result[], { compiled, subject, facts, when }: Case, paths: readonly string[]): void {
  const { policy } = compiled;
  const lists = paths.map((path) => read(subject.whole, path));
  const unseen = lists.flatMap((list) => (list.unknown === null ? moreOf(list) : [list]));
  if (unseen.length > 0) results.push(unseenResult(policy, subject, unseen));
  for (const { at, value } of lists) {
    for (const [index, element] of (Array.isArray(value) ? (value as unknown[]) : []).entries()) {
      const view: View = { value: element, at: `${at}/${index}`, unknown: subject.resource.unknown };
      const own = { ...facts, element: view };
      const judgement = compiled.judge(own);
      if (judgement.fail.value === false) continue;
      results.push(judgedResult({ policy, subject, element: elementKey(element, index), when, judgement, facts: own }));
    }
  }
}

/** JSON pointer's name for what stands behind the last element (RFC 6901): there may be others, which cannot be seen. */
function moreOf(list: Read): Read[] {
  const reason = list.unknownParts[`${list.at}/-`];
  return reason === undefined ? [] : [{ ...list, value: null, unknown: reason }];
}

function elementKey(value: unknown, index: number): string {
  if (typeof value === "string") return value;
  const key: unknown = typeof value === "object" && value !== null && "key" in value ? value.key : undefined;
  return typeof key === "string" ? key : String(index);
}
