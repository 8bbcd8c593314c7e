/** Results: what a judgement comes to, in words, with the evidence that decided it. */
import { lookUp, type Derived, type Resource } from "../facts/resource.ts";
import type { Judgement } from "./compile.ts";
import type { Answer, Facts, LeafAnswer } from "./condition.ts";
import type { Namer } from "./fingerprint.ts";
import { fillMessage } from "./message.ts";
import type { Policy } from "./model/policy.ts";
import type { Evidence, Result, Status } from "./model/report.ts";
import type { Read, View } from "./view.ts";

/** A resource as policies see it and as results name it: made once for all policies. */
export interface Subject {
  readonly resource: Resource;
  readonly whole: View;
  readonly label: Result["resource"];
  /** Gives the results their fingerprints. */
  readonly name: Namer;
}

export function toSubject(resource: Resource, name: Namer): Subject {
  const { kind, id, name: called, unknown } = resource;
  return { resource, whole: { value: resource, at: "", unknown }, label: { kind, id, name: called }, name };
}

/** All that is known about one judged resource or element. */
export interface Judged {
  readonly policy: Policy;
  readonly subject: Subject;
  /** Key of the element that was judged; null for the resource itself. */
  readonly element: string | null;
  /** The policy's `when` for this resource; null if it has none. Not false. */
  readonly when: Answer | null;
  readonly judgement: Judgement;
  /** What the message can see. */
  readonly facts: Facts;
}

/** Pass, fail or unknown of one resource or element. */
export function judgedResult({ policy, subject, element, when, judgement, facts }: Judged): Result {
  const status = decideStatus(when, judgement);
  const { severity } = judgement;
  if (status === "pass") return toResult(policy, subject, { element, status, severity, message: PASSED });
  const leaves = leavesOf(when, judgement);
  const evidence = leaves.map((leaf) => toEvidence(leaf, subject.resource));
  const message = status === "unknown" ? describeUnknown(policy, evidence) : fillMessage(policy.message, policy.target, facts);
  const ofElement = evidence.filter((_, index) => leaves[index]?.fact === "element");
  const location = firstFilePlace([...ofElement, placeOfElement(subject.resource, facts), ...evidence]);
  return toResult(policy, subject, { element, status, severity, message, evidence, location });
}

/** The pass of a resource of which no element is at fault. */
export function passResult(policy: Policy, subject: Subject): Result {
  return toResult(policy, subject, { status: "pass", message: PASSED });
}

/** The answer where the policy's `when` is false. */
export function inapplicableResult(policy: Policy, subject: Subject, { deciding }: Answer): Result {
  const parts = deciding.map((leaf) => `${leaf.path ?? leaf.fact} is ${JSON.stringify(leaf.read.value ?? null)}`);
  return toResult(policy, subject, { status: "notApplicable", message: `does not apply: ${[...new Set(parts)].join(", ")}` });
}

/** The unknown of lists whose elements cannot be seen. */
export function unseenResult(policy: Policy, subject: Subject, lists: readonly Read[]): Result {
  const evidence = lists.map(({ at, unknown }): Evidence => ({
    path: dottedPath(at), operator: "each", expected: null, actual: null, unknown, location: lookUp(subject.resource.origins, at) ?? null,
  }));
  return toResult(policy, subject, { status: "unknown", message: describeUnknown(policy, evidence), evidence, location: firstFilePlace(evidence) });
}

/** The answer for a kind of which there is no resource, or whose source was not read to its end. */
export function absenceResult(policy: Policy, source: Derived["source"], name: Namer): Result {
  const nothing = { label: { kind: policy.target, id: null, name: null }, name };
  if (source.status !== "ok") {
    return toResult(policy, nothing, { status: "unknown", message: `${UNDECIDED}: ${policy.title}: ${source.detail ?? source.status}` });
  }
  const what = policy.names === undefined ? policy.target : `${policy.target} ${policy.names.join(", ")}`;
  return toResult(policy, nothing, { status: "notApplicable", message: `does not apply: there is no ${what} here to judge` });
}

const PASSED = "not at fault";
const UNDECIDED = "cannot tell whether this holds";

/** Kleene: an unknown `when` leaves only a pass certain. */
function decideStatus(when: Answer | null, { fail }: Judgement): Status {
  if (fail.value === false) return "pass";
  return fail.value === true && (when === null || when.value === true) ? "fail" : "unknown";
}

/** The leaves that explain a fail or an unknown: of the fault, and of an unknown `when`. */
function leavesOf(when: Answer | null, { fail }: Judgement): readonly LeafAnswer[] {
  const ofWhen = when?.value === "unknown" ? when.deciding : [];
  return [...ofWhen, ...fail.deciding].filter((leaf) => leaf.fact !== "parameters");
}

function toEvidence(leaf: LeafAnswer, resource: Resource): Evidence {
  const { at } = leaf.read;
  return {
    path: dottedPath(at),
    operator: leaf.operator,
    expected: leaf.expected ?? null,
    actual: leaf.read.value ?? null,
    unknown: leaf.value === "unknown" ? reasonOf(leaf) : null,
    location: lookUp(resource.origins, leaf.element === null ? at : `${at}/${leaf.element}`) ?? null,
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
  return `${UNDECIDED}: ${policy.title}: ${reasons.join("; ")}`;
}

/** What a finding about an element points at where none of the element's own values decides. */
function placeOfElement({ origins }: Resource, { element }: Facts): Pick<Evidence, "location"> {
  return { location: element === undefined ? null : (lookUp(origins, element.at) ?? null) };
}

function firstFilePlace(evidence: readonly Pick<Evidence, "location">[]): Result["location"] {
  for (const { location } of evidence) if (location !== null && "file" in location) return location;
  return null;
}

/** What differs from result to result; the rest is the policy's. */
type Own = Pick<Result, "status" | "message"> & Partial<Pick<Result, "element" | "severity" | "location" | "evidence">>;

function toResult(policy: Policy, { label, name }: Pick<Subject, "label" | "name">, own: Own): Result {
  const { status, message, element = null, severity = policy.severity, location = null, evidence = [] } = own;
  return {
    policy: policy.id,
    status,
    severity,
    title: policy.title,
    message,
    resource: label,
    element,
    location,
    evidence,
    references: policy.references,
    remediation: policy.remediation,
    fingerprint: name(policy.id, label.kind, label.id, element),
    waiver: null,
  };
}
