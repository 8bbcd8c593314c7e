/** Judges resources by policies: every evaluation becomes one result. */
import { lookUp, pointer, type Derived, type Kind, type Place, type Resource } from "../facts/resource.ts";
import type { CompiledPolicy, Judgement } from "./compile.ts";
import type { Answer, Facts, LeafAnswer } from "./condition.ts";
import { fingerprint } from "./fingerprint.ts";
import { matchesGlob } from "./glob.ts";
import { fillMessage } from "./message.ts";
import type { Policy, Severity } from "./model/policy.ts";
import type { Evidence, Result, Status } from "./model/report.ts";
import { read, type Read, type View } from "./view.ts";

export type DerivedKinds = Readonly<Partial<Record<Kind, Derived>>>;

/**
 * Judges every resource by every policy of its kind. A policy whose kind has no resource gives one notApplicable, or one unknown
 * where the source could not be read. Results stand in the order of policy, resource, element.
 */
export async function evaluatePolicies(policies: readonly CompiledPolicy[], kinds: DerivedKinds): Promise<Result[]> {
  const results: Result[] = [];
  for (const compiled of policies) {
    const { policy } = compiled;
    const derived = kinds[policy.target];
    if (derived === undefined) continue;
    const resources = derived.resources.filter((resource) => concerns(policy, resource));
    for (const resource of resources) results.push(...(await evaluateResource(compiled, resource)));
    if (resources.length === 0) results.push(judgeNothing(policy, derived));
  }
  return results;
}

/** All results of one policy on one resource: one, or with `each` one for every element at fault or unknown. */
export async function evaluateResource(compiled: CompiledPolicy, resource: Resource): Promise<Result[]> {
  const { policy } = compiled;
  const whole: View = { value: resource, at: "", unknown: resource.unknown };
  const facts: Facts = { [policy.target]: whole };
  const when = await compiled.applies(facts);
  if (when?.value === false) return [quietResult(policy, resource, "notApplicable", describeWhen(when))];
  const subject: Subject = { compiled, resource, when };
  const results = policy.each === undefined ? [await judgeOne(subject, facts, null)] : await judgeEach(subject, facts, policy.each);
  return results.length > 0 ? results : [quietResult(policy, resource, "pass", PASSED)];
}

const PASSED = "not at fault";

/** A policy on a resource to which it applies, or of which that is not known. */
interface Subject {
  readonly compiled: CompiledPolicy;
  readonly resource: Resource;
  readonly when: Answer | null;
}

async function judgeOne({ compiled, resource, when }: Subject, facts: Facts, element: string | null): Promise<Result> {
  const judgement = await compiled.judge(facts);
  const views = { ...facts, parameters: compiled.parameters };
  return toResult(compiled.policy, resource, element, decideStatus(when, judgement), leavesOf(when, judgement), judgement.severity, views);
}

/** The elements that are at fault or unknown, and one result for the lists that cannot be seen at all. */
async function judgeEach(subject: Subject, facts: Facts, paths: readonly string[]): Promise<Result[]> {
  const { compiled: { policy }, resource } = subject;
  const lists = paths.map((path) => read({ value: resource, at: "", unknown: resource.unknown }, path));
  const unseen = lists.filter((list) => list.unknown !== null);
  const results = unseen.length > 0 ? [unknownLists(policy, resource, unseen)] : [];
  for (const { at, value } of lists) {
    for (const [index, element] of (Array.isArray(value) ? (value as unknown[]) : []).entries()) {
      const view: View = { value: element, at: `${at}/${index}`, unknown: resource.unknown };
      results.push(await judgeOne(subject, { ...facts, element: view }, elementKey(element, index)));
    }
  }
  return results.filter((result) => result.status !== "pass");
}

/** Kleene: an unknown `when` leaves only a pass certain. */
function decideStatus(when: Answer | null, { fail }: Judgement): Status {
  if (fail.value === false) return "pass";
  return fail.value === true && (when === null || when.value === true) ? "fail" : "unknown";
}

function concerns(policy: Policy, resource: Resource): boolean {
  return policy.names === undefined || policy.names.some((glob) => matchesGlob(resource.name, glob));
}

function elementKey(value: unknown, index: number): string {
  if (typeof value === "string") return value;
  const key: unknown = typeof value === "object" && value !== null && "key" in value ? value.key : undefined;
  return typeof key === "string" ? key : String(index);
}

function toResult(
  policy: Policy,
  resource: Resource,
  element: string | null,
  status: Status,
  leaves: readonly LeafAnswer[],
  severity: Severity,
  views: Facts,
): Result {
  const base = baseResult(policy, resource, element, status, severity);
  if (status === "pass") return { ...base, message: PASSED };
  const evidence = leaves.map((leaf) => toEvidence(leaf, resource, views));
  const message = status === "unknown" ? describeUnknown(policy, evidence) : fillMessage(policy.message, policy.target, views);
  return { ...base, message, evidence, location: firstFilePlace(evidence) };
}

/** The leaves that explain a fail or an unknown: of the fault, and of an unknown `when`. */
function leavesOf(when: Answer | null, { fail }: Judgement): readonly LeafAnswer[] {
  const ofWhen = when?.value === "unknown" ? when.deciding : [];
  return [...ofWhen, ...fail.deciding].filter((leaf) => leaf.fact !== "parameters");
}

/** Built from the views of this resource: equal inputs share a judgement, not their places. */
function toEvidence(leaf: LeafAnswer, resource: Resource, views: Facts): Evidence {
  const view = views[leaf.fact];
  const names = leaf.path === undefined ? [] : leaf.path.split(".");
  const at = (view?.at ?? "") + pointer(names);
  const place: Place | undefined = lookUp(resource.origins, at);
  return {
    path: dottedPath(at),
    operator: leaf.operator,
    expected: leaf.expected ?? null,
    actual: leaf.read.value ?? null,
    unknown: leaf.value === "unknown" ? reasonOf(leaf) : null,
    location: place ?? null,
  };
}

function dottedPath(at: string): string {
  return at.slice(1).replaceAll("/", ".").replaceAll("~1", "/").replaceAll("~0", "~");
}

function reasonOf({ read: { unknown, unknownParts } }: LeafAnswer): string {
  return unknown ?? Object.values(unknownParts)[0] ?? "the value is of a type that cannot be compared";
}

function describeUnknown(policy: Policy, evidence: readonly Evidence[]): string {
  const reasons = [...new Set(evidence.flatMap((entry) => (entry.unknown === null ? [] : [entry.unknown])))];
  return `cannot tell whether this holds: ${policy.title}: ${reasons.join("; ")}`;
}

function firstFilePlace(evidence: readonly Evidence[]): Result["location"] {
  for (const { location } of evidence) if (location !== null && "file" in location) return location;
  return null;
}

function describeWhen({ deciding }: Answer): string {
  const parts = deciding.map((leaf) => `${leaf.path ?? leaf.fact} is ${JSON.stringify(leaf.read.value ?? null)}`);
  return `does not apply: ${[...new Set(parts)].join(", ")}`;
}

function unknownLists(policy: Policy, resource: Resource, lists: readonly Read[]): Result {
  const evidence = lists.map(({ at, unknown }): Evidence => ({
    path: dottedPath(at), operator: "each", expected: null, actual: null, unknown, location: lookUp(resource.origins, at) ?? null,
  }));
  return { ...baseResult(policy, resource, null, "unknown", policy.severity), message: describeUnknown(policy, evidence), evidence };
}

function judgeNothing(policy: Policy, { source }: Derived): Result {
  const nothing = { kind: policy.target, id: null, name: null };
  const status = source.status === "ok" ? "notApplicable" : "unknown";
  const message = source.status === "ok" ? `does not apply: there is no ${policy.target} here to judge` :
    `cannot tell whether this holds: ${policy.title}: ${source.detail ?? source.status}`;
  return { ...baseResult(policy, nothing, null, status, policy.severity), message };
}

function quietResult(policy: Policy, resource: Resource, status: Status, message: string): Result {
  return { ...baseResult(policy, resource, null, status, policy.severity), message };
}

function baseResult(
  policy: Policy,
  { kind, id, name }: Result["resource"],
  element: string | null,
  status: Status,
  severity: Severity,
): Result {
  return {
    policy: policy.id,
    status,
    severity,
    title: policy.title,
    message: "",
    resource: { kind, id, name },
    element,
    location: null,
    evidence: [],
    references: policy.references,
    remediation: policy.remediation,
    fingerprint: fingerprint(policy.id, kind, id, element),
    waiver: null,
  };
}
