/** Policies and resources for tests of what judges them: only what a test is about is said by it. */
import type { Resource } from "../../src/facts/resource.ts";
import type { Policy } from "../../src/policy/model/policy.ts";
import type { Result } from "../../src/policy/model/report.ts";

/** A policy that is at fault where `a` is true. */
export function policyOf(changes: Partial<Policy> = {}): Policy {
  return {
    id: "test-policy",
    title: "Test policy",
    severity: "high",
    target: "container",
    fail: { all: [{ fact: "container", path: "a", operator: "equal", value: true }] },
    message: "{container.name} is at fault",
    rationale: "Because.",
    references: [],
    remediation: { type: "manual", text: "Mend it." },
    examples: { fail: [{ resource: { privileged: true } }], pass: [{ resource: {} }] },
    ...changes,
  };
}

/** A resource of any shape: conditions see plain values. */
export function resourceOf(values: Readonly<Record<string, unknown>>, about: Partial<Pick<Resource, "origins" | "unknown">> = {}): Resource {
  return { kind: "container", id: "shop/web", name: "web", origins: {}, unknown: {}, ...about, ...values };
}

/** A failing result of the policy above. */
export function resultOf(changes: Partial<Result> = {}): Result {
  return {
    policy: "test-policy",
    status: "fail",
    severity: "high",
    title: "Test policy",
    message: "web is at fault",
    resource: { kind: "container", id: "shop/web", name: "web" },
    element: null,
    location: null,
    evidence: [],
    references: [],
    remediation: null,
    fingerprint: "0",
    waiver: null,
    ...changes,
  };
}
