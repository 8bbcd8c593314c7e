import { describe, expect, it } from "vitest";
import { MODELS } from "../../src/facts/models.ts";
import { KINDS } from "../../src/facts/resource.ts";
import { buildExampleResource } from "../../src/policy/example-resource.ts";
import type { Example, Policy } from "../../src/policy/model/policy.ts";
import { findSchemaFaults } from "../../src/policy/validate.ts";
import { policyOf } from "../support/policy.ts";

function build(resource: Example["resource"], changes: Partial<Policy> = {}) {
  return buildExampleResource(policyOf(changes), { resource });
}

describe("the resource of an example", () => {
  it.each(KINDS)("of kind %s is a whole one by its model, whatever its author left out", async (target) => {
    const { resource, faults } = build({}, { target });
    expect(faults).toEqual([]);
    expect(await findSchemaFaults(MODELS[target], resource)).toEqual([]);
  });

  it("has what its author wrote, and zero values beside it", () => {
    const { resource, faults } = build({ privileged: true, limits: { memory: 5 }, ports: [{ containerPort: 80 }], labels: { a: "b" }, unknown: { "/ports/0/scope": "x" } });
    expect(faults).toEqual([]);
    expect(resource).toMatchObject({
      kind: "container",
      id: "example",
      name: "example",
      privileged: true,
      limits: { memory: 5, cpus: null, pids: null },
      ports: [{ key: "", protocol: "", containerPort: 80, hostIp: "", hostPort: null, scope: "any" }],
      labels: { a: "b" },
      mounts: [],
      unknown: { "/ports/0/scope": "x" },
      origins: {},
    });
  });

  it("is called by what the policy judges, else as its author says", () => {
    expect(build({}, { names: ["net.*", "net.a"] }).resource).toMatchObject({ id: "net.a", name: "net.a" });
    expect(build({ name: "web" }).resource).toMatchObject({ id: "web", name: "web" });
    expect(build({ name: "web", id: "shop/web" }).resource).toMatchObject({ id: "shop/web", name: "web" });
    expect(build({}, { target: "host" }).resource).toMatchObject({ id: "host", name: "example" });
  });

  it("does not pollute anything", () => {
    const { faults } = build(JSON.parse('{"__proto__": {"polluted": true}, "toString": 1}') as Example["resource"]);
    expect(faults.map(({ message }) => message)).toEqual(['unknown key "__proto__"', 'unknown key "toString"']);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
