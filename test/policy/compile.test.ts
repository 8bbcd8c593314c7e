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

  it("have their defaults where nothing overrides them", async () => {
    const { judge, parameters } = compilePolicy(policy, { allowed: ["b"] });
    expect(parameters.value).toEqual({ most: 5, allowed: ["b"] });
    expect((await judge(factsOf({ size: 6 }))).fail.value).toBe(true);
  });

  it("are overridden", async () => {
    expect((await compilePolicy(policy, { most: 6 }).judge(factsOf({ size: 6 }))).fail.value).toBe(false);
  });
});

describe("when", () => {
  it("is null where there is none", async () => {
    expect(await compilePolicy(policyOf()).applies(factsOf({}))).toBeNull();
  });

  it("is asked apart from the fault", async () => {
    const { applies } = compilePolicy(policyOf({ when: met("used") }));
    expect((await applies(factsOf({ used: false })))?.value).toBe(false);
    expect((await applies(factsOf({ used: true }, { "/used": "denied" })))?.value).toBe("unknown");
  });
});

describe("escalation", () => {
  const policy = policyOf({
    severity: "medium",
    escalate: [{ when: met("better"), severity: "low" }, { when: met("worse"), severity: "high" }, { when: met("worst"), severity: "critical" }],
  });

  async function severityOf(value: Readonly<Record<string, boolean>>, ...unknown: string[]): Promise<Severity> {
    const reasons = Object.fromEntries(unknown.map((name) => [`/${name}`, "denied"]));
    return (await compilePolicy(policy).judge(factsOf({ a: true, better: false, worse: false, worst: false, ...value }, reasons))).severity;
  }

  it("takes the first step that is met, else the policy's own severity", async () => {
    expect(await severityOf({})).toBe("medium");
    expect(await severityOf({ better: true, worst: true })).toBe("low");
    expect(await severityOf({ worse: true, worst: true })).toBe("high");
    expect(await severityOf({ worst: true })).toBe("critical");
  });

  it("counts an unknown step with the worse of what may be", async () => {
    expect(await severityOf({}, "better")).toBe("medium");
    expect(await severityOf({}, "worse")).toBe("high");
    expect(await severityOf({}, "worse", "worst")).toBe("critical");
    expect(await severityOf({ worst: true }, "better")).toBe("critical");
    expect(await severityOf({ better: true }, "worst")).toBe("low");
    expect(await severityOf({ worse: true }, "better")).toBe("high");
  });

  it("counts an unknown step before the one that is met too", async () => {
    const steps = policyOf({ severity: "medium", escalate: [{ when: met("worst"), severity: "critical" }, { when: met("better"), severity: "low" }] });
    const judgement = await compilePolicy(steps).judge(factsOf({ a: true, worst: false, better: true }, { "/worst": "denied" }));
    expect(judgement.severity).toBe("critical");
  });

  it("does not happen where there is no fault", async () => {
    expect((await compilePolicy(policy).judge(factsOf({ a: false, worst: true }))).severity).toBe("medium");
  });
});

describe("equal inputs", () => {
  const policy = policyOf({ escalate: [{ when: met("worst"), severity: "critical" }] });

  it("are judged once, whatever else differs", () => {
    const { judge } = compilePolicy(policy);
    expect(judge(factsOf({ a: true, worst: false, name: "web" }))).toBe(judge(factsOf({ a: true, worst: false, name: "db" })));
  });

  it("are not taken for equal where anything that a condition reads differs", () => {
    const { judge } = compilePolicy(policy);
    const judgements = [
      judge(factsOf({ a: true, worst: false })),
      judge(factsOf({ a: true, worst: true })),
      judge(factsOf({ a: "true", worst: false })),
      judge(factsOf({ a: true, worst: false }, { "/a": "denied" })),
      judge(factsOf({ a: true, worst: false }, { "/a": "gone" })),
      judge(factsOf({ a: [1], worst: false }, { "/a/0": "gone" })),
      judge(factsOf({ a: [1], worst: false })),
    ];
    expect(new Set(judgements).size).toBe(judgements.length);
  });

  it("include what stands on the right", () => {
    const { judge } = compilePolicy(policyOf({ fail: { all: [{ fact: "container", path: "size", operator: "greaterThan", value: { fact: "container", path: "limit" } }] } }));
    expect(judge(factsOf({ size: 1, limit: 1 }))).not.toBe(judge(factsOf({ size: 1, limit: 0 })));
  });
});
