import { describe, expect, it } from "vitest";
import { compilePolicy } from "../../src/policy/compile.ts";
import type { Facts } from "../../src/policy/condition.ts";
import type { Severity, TopCondition } from "../../src/policy/model/policy.ts";
import { policyOf } from "../support/policy.ts";

function factsOf(value: Readonly<Record<string, unknown>>, unknown: Readonly<Record<string, string>> = {}): Facts {
  return { container: { value, at: "", unknown } };
}

function met(path: string): TopCondition {
  return { all: [{ fact: "container", path, operator: "equal", value: true }] };
}

describe("parameters", () => {
  const policy = policyOf({
    parameters: { most: { description: "…", default: 5 }, allowed: { description: "…", default: ["a"] } },
    fail: { all: [{ fact: "container", path: "size", operator: "greaterThan", value: { fact: "parameters", path: "most" } }] },
  });

  it("have their defaults where nothing overrides them", () => {
    const { judge, parameters } = compilePolicy(policy, { allowed: ["b"] });
    expect(parameters.value).toEqual({ most: 5, allowed: ["b"] });
    expect(judge({ ...factsOf({ size: 6 }), parameters }).fail.value).toBe(true);
  });

  it("are overridden", () => {
    const { judge, parameters } = compilePolicy(policy, { most: 6 });
    expect(judge({ ...factsOf({ size: 6 }), parameters }).fail.value).toBe(false);
  });
});

describe("when", () => {
  it("is null where there is none", () => {
    expect(compilePolicy(policyOf()).applies(factsOf({}))).toBeNull();
  });

  it("is asked apart from the fault", () => {
    const { applies } = compilePolicy(policyOf({ when: met("used") }));
    expect(applies(factsOf({ used: false }))?.value).toBe(false);
    expect(applies(factsOf({ used: true }, { "/used": "denied" }))?.value).toBe("unknown");
  });
});

describe("escalation", () => {
  const policy = policyOf({
    severity: "medium",
    escalate: [{ when: met("better"), severity: "low" }, { when: met("worse"), severity: "high" }, { when: met("worst"), severity: "critical" }],
  });

  function severityOf(value: Readonly<Record<string, boolean>>, ...unknown: string[]): Severity {
    const reasons = Object.fromEntries(unknown.map((name) => [`/${name}`, "denied"]));
    return compilePolicy(policy).judge(factsOf({ a: true, better: false, worse: false, worst: false, ...value }, reasons)).severity;
  }

  it("takes the first step that is met, else the policy's own severity", () => {
    expect(severityOf({})).toBe("medium");
    expect(severityOf({ better: true, worst: true })).toBe("low");
    expect(severityOf({ worse: true, worst: true })).toBe("high");
    expect(severityOf({ worst: true })).toBe("critical");
  });

  it("counts an unknown step with the worse of what may be", () => {
    expect(severityOf({}, "better")).toBe("medium");
    expect(severityOf({}, "worse")).toBe("high");
    expect(severityOf({}, "worse", "worst")).toBe("critical");
    expect(severityOf({ worst: true }, "better")).toBe("critical");
    expect(severityOf({ better: true }, "worst")).toBe("low");
    expect(severityOf({ worse: true }, "better")).toBe("high");
  });

  it("counts an unknown step before the one that is met too", () => {
    const steps = policyOf({ severity: "medium", escalate: [{ when: met("worst"), severity: "critical" }, { when: met("better"), severity: "low" }] });
    const judgement = compilePolicy(steps).judge(factsOf({ a: true, worst: false, better: true }, { "/worst": "denied" }));
    expect(judgement.severity).toBe("critical");
  });

  it("does not happen where there is no fault", () => {
    expect(compilePolicy(policy).judge(factsOf({ a: false, worst: true })).severity).toBe("medium");
  });
});
