import { describe, expect, it } from "vitest";
import type { Resource } from "../../src/facts/resource.ts";
import { compilePolicy } from "../../src/policy/compile.ts";
import { evaluatePolicies, evaluateResource } from "../../src/policy/evaluate.ts";
import { fingerprint } from "../../src/policy/fingerprint.ts";
import type { Policy } from "../../src/policy/model/policy.ts";
import type { Result } from "../../src/policy/model/report.ts";
import { policyOf, resourceOf } from "../support/policy.ts";

const PLACE = { file: "compose.yaml", line: 4, column: 5, endLine: 4, endColumn: 15 };

function evaluate(changes: Partial<Policy>, resource: Resource): Result[] {
  return evaluateResource(compilePolicy(policyOf(changes)), resource);
}

/** What mostly differs. */
function brief(changes: Partial<Policy>, resource: Resource) {
  return evaluate(changes, resource).map(({ status, element, severity, message }) => ({ status, element, severity, message }));
}

describe("a policy on a resource", () => {
  it("that is at fault gives one fail with all that a reader needs", () => {
    const resource = resourceOf({ a: true }, { origins: { "": { source: "containers", key: "web" }, "/a": PLACE } });
    expect(evaluate({ references: [{ type: "cwe", id: "CWE-250" }] }, resource)).toEqual([{
      policy: "test-policy",
      status: "fail",
      severity: "high",
      title: "Test policy",
      message: "web is at fault",
      resource: { kind: "container", id: "shop/web", name: "web" },
      element: null,
      location: PLACE,
      evidence: [{ path: "a", operator: "equal", expected: true, actual: true, unknown: null, location: PLACE }],
      references: [{ type: "cwe", id: "CWE-250" }],
      remediation: { type: "manual", text: "Mend it." },
      fingerprint: fingerprint("test-policy", "container", "shop/web", null),
      waiver: null,
    }]);
  });

  it("that is not gives one pass", () => {
    expect(brief({}, resourceOf({ a: false }))).toEqual([{ status: "pass", element: null, severity: "high", message: "not at fault" }]);
  });

  it("of which that is unknown gives one unknown with the reason", () => {
    const results = evaluate({}, resourceOf({ a: true }, { unknown: { "/a": "permission denied" } }));
    expect(results.map(({ status, message, evidence }) => ({ status, message, evidence }))).toEqual([{
      status: "unknown",
      message: "cannot tell whether this holds: Test policy: permission denied",
      evidence: [{ path: "a", operator: "equal", expected: true, actual: null, unknown: "permission denied", location: null }],
    }]);
  });

  it("takes the place of the nearest ancestor for what is not there", () => {
    const fail: Policy["fail"] = { all: [{ fact: "container", path: "limits.memory", operator: "equal", value: null }] };
    const [result] = evaluate({ fail }, resourceOf({ limits: {} }, { origins: { "/limits": PLACE } }));
    expect(result?.location).toEqual(PLACE);
  });

  it("has no location where the origin is a source and no file", () => {
    const origin = { source: "containers", key: "web HostConfig.Privileged" };
    const [result] = evaluate({}, resourceOf({ a: true }, { origins: { "/a": origin } }));
    expect([result?.location, result?.evidence[0]?.location]).toEqual([null, origin]);
  });

  it("gives each resource its own places", () => {
    const compiled = compilePolicy(policyOf());
    const lines: (number | undefined)[] = [];
    for (const line of [4, 9]) {
      const [result] = evaluateResource(compiled, resourceOf({ a: true }, { origins: { "/a": { ...PLACE, line } } }));
      lines.push(result?.location?.line);
    }
    expect(lines).toEqual([4, 9]);
  });

  it("shows the parameter that it compared with, and no evidence that is itself a parameter", () => {
    const results = evaluate({
      parameters: { most: { description: "…", default: 5 }, on: { description: "…", default: true } },
      fail: {
        all: [
          { fact: "parameters", path: "on", operator: "equal", value: true },
          { fact: "container", path: "size", operator: "greaterThan", value: { fact: "parameters", path: "most" } },
        ],
      },
    }, resourceOf({ size: 7 }));
    expect(results[0]?.evidence).toEqual([{ path: "size", operator: "greaterThan", expected: 5, actual: 7, unknown: null, location: null }]);
  });
});

describe("when", () => {
  const when: Policy["when"] = { all: [{ fact: "container", path: "used", operator: "equal", value: true }] };
  const unknown = { "/used": "denied" };

  it("that is false gives notApplicable with the reason", () => {
    expect(brief({ when }, resourceOf({ a: true, used: false }))).toEqual([
      { status: "notApplicable", element: null, severity: "high", message: "does not apply: used is false" },
    ]);
  });

  it("that is unknown leaves only a pass certain", () => {
    expect(brief({ when }, resourceOf({ a: true, used: true }, { unknown })).map(({ status, message }) => [status, message])).toEqual([
      ["unknown", "cannot tell whether this holds: Test policy: denied"],
    ]);
    expect(brief({ when }, resourceOf({ a: false, used: true }, { unknown }))[0]?.status).toBe("pass");
  });

  it("goes before the elements: none is judged, and no list has to be seen", () => {
    const each = ["ports"];
    const fail: Policy["fail"] = { all: [{ fact: "element", path: "open", operator: "equal", value: true }] };
    const notApplicable = [{ status: "notApplicable", element: null, severity: "high", message: "does not apply: used is false" }];
    expect(brief({ when, each, fail }, resourceOf({ used: false, ports: [] }))).toEqual(notApplicable);
    expect(brief({ when, each, fail }, resourceOf({ used: false, ports: [{ key: "80", open: true }] }))).toEqual(notApplicable);
    expect(brief({ when, each, fail }, resourceOf({ used: false, ports: [] }, { unknown: { "/ports": "denied" } }))).toEqual(notApplicable);
  });
});

describe("each", () => {
  const changes: Partial<Policy> = {
    each: ["ports", "exposed"],
    fail: { all: [{ fact: "element", path: "open", operator: "equal", value: true }, { fact: "container", path: "a", operator: "equal", value: true }] },
    message: "{container.name} opens {element.key}",
  };
  const ports = [{ key: "80/tcp", open: true }, { key: "81/tcp", open: false }, { key: "82/tcp", open: true }];

  it("gives one fail for every element at fault, told apart by its key", () => {
    const results = evaluate(changes, resourceOf({ a: true, ports, exposed: [{ key: "9/udp", open: true }] }));
    expect(results.map(({ status, element, message, evidence }) => [status, element, message, evidence.map(({ path }) => path)])).toEqual([
      ["fail", "80/tcp", "web opens 80/tcp", ["ports.0.open", "a"]],
      ["fail", "82/tcp", "web opens 82/tcp", ["ports.2.open", "a"]],
      ["fail", "9/udp", "web opens 9/udp", ["exposed.0.open", "a"]],
    ]);
    expect(new Set(results.map((result) => result.fingerprint)).size).toBe(3);
  });

  it("gives one pass if no element is at fault, or there is none", () => {
    const pass = [{ status: "pass", element: null, severity: "high", message: "not at fault" }];
    expect(brief(changes, resourceOf({ a: false, ports, exposed: [] }))).toEqual(pass);
    expect(brief(changes, resourceOf({ a: true, ports: [], exposed: [] }))).toEqual(pass);
  });

  it("keeps a known fault beside an unknown element", () => {
    const resource = resourceOf({ a: true, ports, exposed: [] }, { unknown: { "/ports/1": "not resolved" } });
    expect(brief(changes, resource).map(({ status, element }) => [status, element])).toEqual([["fail", "80/tcp"], ["unknown", "81/tcp"], ["fail", "82/tcp"]]);
  });

  it("gives one unknown for all lists that cannot be seen, and judges the others", () => {
    const unknown = { "/ports": "no inspect answer", "/exposed": "no inspect answer" };
    const results = evaluate(changes, resourceOf({ a: true, ports, exposed: [] }, { unknown }));
    expect(results.map(({ status, element, message, evidence }) => [status, element, message, evidence.map(({ path }) => path)])).toEqual([
      ["unknown", null, "cannot tell whether this holds: Test policy: no inspect answer", ["ports", "exposed"]],
    ]);
    const half = brief(changes, resourceOf({ a: true, ports: [], exposed: [{ key: "9/udp", open: true }] }, { unknown: { "/ports": "denied" } }));
    expect(half.map(({ status, element }) => [status, element])).toEqual([["unknown", null], ["fail", "9/udp"]]);
  });

  it("gives one unknown where a list may have more elements than can be seen", () => {
    const more = { unknown: { "/ports/-": "not read to its end" } };
    expect(brief(changes, resourceOf({ a: true, ports: [], exposed: [] }, more))).toEqual([
      { status: "unknown", element: null, severity: "high", message: "cannot tell whether this holds: Test policy: not read to its end" },
    ]);
    expect(brief(changes, resourceOf({ a: true, ports, exposed: [] }, more)).map(({ status, element }) => [status, element])).toEqual([["unknown", null], ["fail", "80/tcp"], ["fail", "82/tcp"]]);
  });

  it("names plain text by itself, and what has no key by its number", () => {
    const fail: Policy["fail"] = { all: [{ fact: "container", path: "a", operator: "equal", value: true }] };
    const results = brief({ each: ["add"], fail, message: "x" }, resourceOf({ a: true, add: ["SYS_ADMIN", { name: "n" }] }));
    expect(results.map(({ element }) => element)).toEqual(["SYS_ADMIN", "1"]);
  });
});

describe("policies on kinds", () => {
  const web = resourceOf({ a: true });
  const db = resourceOf({ id: "db", name: "db", a: false });

  function statuses(policies: Policy[], source: { status: "ok" | "denied" | "failed"; detail: string | null }, resources: Resource[]) {
    const results = evaluatePolicies(policies.map((policy) => compilePolicy(policy)), { container: { resources, source } });
    return results.map(({ policy, status, resource, message }) => [policy, status, resource.id, message]);
  }
  const OK = { status: "ok", detail: null } as const;

  it("judge every resource, in order", () => {
    expect(statuses([policyOf({ id: "one" }), policyOf({ id: "two" })], OK, [web, db])).toEqual([
      ["one", "fail", "shop/web", "web is at fault"],
      ["one", "pass", "db", "not at fault"],
      ["two", "fail", "shop/web", "web is at fault"],
      ["two", "pass", "db", "not at fault"],
    ]);
  });

  it("do not apply where a source was read and holds nothing", () => {
    expect(statuses([policyOf()], OK, [])).toEqual([["test-policy", "notApplicable", null, "does not apply: there is no container here to judge"]]);
    expect(statuses([policyOf({ names: ["shop-*", "blog"] })], OK, [web])).toEqual([
      ["test-policy", "notApplicable", null, "does not apply: there is no container shop-*, blog here to judge"],
    ]);
  });

  it("are unknown where it could not be read", () => {
    expect(statuses([policyOf()], { status: "denied", detail: "no permission for the socket" }, [])).toEqual([
      ["test-policy", "unknown", null, "cannot tell whether this holds: Test policy: no permission for the socket"],
    ]);
  });

  it("are unknown beside what they know where it was read in part only", () => {
    expect(statuses([policyOf()], { status: "failed", detail: "the engine died" }, [db])).toEqual([
      ["test-policy", "pass", "db", "not at fault"],
      ["test-policy", "unknown", null, "cannot tell whether this holds: Test policy: the engine died"],
    ]);
  });

  it("judge only the names that they are for", () => {
    expect(statuses([policyOf({ names: ["d?"] })], OK, [web, db]).map(([, , id]) => id)).toEqual(["db"]);
  });

  it("judge only sysctls of the scopes that they are for", () => {
    const sysctls = (["host", "file", "container"] as const).map((scope) => resourceOf({ kind: "sysctl", id: scope, name: "net.a", scope, a: true }));
    const ofSysctl = { target: "sysctl", fail: { all: [{ fact: "sysctl", path: "a", operator: "equal", value: true }] }, message: "x" } as const satisfies Partial<Policy>;
    const policies = [policyOf({ ...ofSysctl, scopes: ["host", "file"] }), policyOf({ ...ofSysctl, id: "none", names: ["net.b"], scopes: ["host"] })].map((policy) => compilePolicy(policy));
    expect(evaluatePolicies(policies, { sysctl: { resources: sysctls, source: OK } }).map(({ policy, resource: { id } }) => [policy, id])).toEqual([["test-policy", "host"], ["test-policy", "file"], ["none", null]]);
  });

  it("say nothing of kinds that are not there to be judged", () => {
    expect(evaluatePolicies([compilePolicy(policyOf())], {})).toEqual([]);
  });
});
