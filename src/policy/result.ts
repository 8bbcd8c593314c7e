/** Results: what a judgement comes to, in words, with the evidence that decided it. */
import { lookUp, type Derived, type Resource } from "../facts/resource.ts";
import type { Judgement } from "./compile.ts";
import type { Answer, Facts, LeafAnswer } from "./condition.ts";
import { fillMessage } from "./message.ts";
import type { Policy, Severity } from "./model/policy.ts";
import type { Evidence, Result, Status } from "./model/report.ts";
import type { Read } from "./view.ts";

/** A result that has no name yet, and that no waiver has been held against. */
export type Unnamed = Omit<Result, "fingerprint" | "waiver">;

/** All that is known about one judged resource or element. */
export interface Judged {
  readonly policy: Policy;
  readonly resource: Resource;
  /** Key of the element that was judged; null for the resource itself. */
  readonly element: string | null;
  /** The policy's `when` for this resource; null if it has none. Not false. */
  readonly when: Answer | null;
  readonly judgement: Judgement;
  /** What the message can see. */
  readonly views: Facts;
}

/** Pass, fail or unknown of one resource or element. */
export function judgedResult({ policy, resource, element, when, judgement, views }: Judged): Unnamed {
  const status = decideStatus(when, judgement);
  const base = baseResult(policy, resource, element, status, judgement.severity);
  if (status === "pass") return { ...base, message: PASSED };
  const leaves = leavesOf(when, judgement);
  const evidence = leaves.map((leaf) => toEvidence(leaf, resource));
  const message = status === "unknown" ? describeUnknown(policy, evidence) : fillMessage(policy.message, policy.target, views);
  const ofElement = evidence.filter((_, index) => leaves[index]?.fact === "element");
  return { ...base, message, evidence, location: firstFilePlace([...ofElement, placeOfElement(resource, views), ...evidence]) };
}

/** The pass of a resource of which no element is at fault. */
export function passResult(policy: Policy, resource: Resource): Unnamed {
  return { ...baseResult(policy, resource, null, "pass", policy.severity), message: PASSED };
}

/** The answer where the policy's `when` is false. */
export function inapplicableResult(policy: Policy, resource: Resource, { deciding }: Answer): Unnamed {
  const parts = deciding.map((leaf) => `${leaf.path ?? leaf.fact} is ${JSON.stringify(leaf.read.value ?? null)}`);
  const message = `does not apply: ${[...new Set(parts)].join(", ")}`;
  return { ...baseResult(policy, resource, null, "notApplicable", policy.severity), message };
}

/** The unknown of lists whose elements cannot be seen. */
export function unseenResult(policy: Policy, resource: Resource, lists: readonly Read[]): Unnamed {
  const evidence = lists.map(({ at, unknown }): Evidence => ({
    path: dottedPath(at), operator: "each", expected: null, actual: null, unknown, location: lookUp(resource.origins, at) ?? null,
  }));
  const base = baseResult(policy, resource, null, "unknown", policy.severity);
  return { ...base, message: describeUnknown(policy, evidence), evidence, location: firstFilePlace(evidence) };
}

/** The answer for a kind of which there is no resource, or whose source was not read to its end. */
export function absenceResult(policy: Policy, source: Derived["source"]): Unnamed {
  const nothing = { kind: policy.target, id: null, name: null };
  if (source.status !== "ok") {
    return { ...baseResult(policy, nothing, null, "unknown", policy.severity), message: `${UNDECIDED}: ${policy.title}: ${source.detail ?? source.status}` };
  }
  const what = policy.names === undefined ? policy.target : `${policy.target} ${policy.names.join(", ")}`;
  return { ...baseResult(policy, nothing, null, "notApplicable", policy.severity), message: `does not apply: there is no ${what} here to judge` };
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

function baseResult(
  policy: Policy,
  { kind, id, name }: Result["resource"],
  element: string | null,
  status: Status,
  severity: Severity,
): Unnamed {
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
  };
}
