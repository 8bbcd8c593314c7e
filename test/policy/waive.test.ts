import { describe, expect, it } from "vitest";
import type { Result } from "../../src/policy/model/report.ts";
import { parseSettings } from "../../src/policy/settings.ts";
import { applyWaivers } from "../../src/policy/waive.ts";
import { resultOf } from "../support/policy.ts";

const NOW = "2026-06-15T23:59:59Z";

interface Given {
  policy?: string;
  resource?: string;
  expires?: string;
}

/** Waivers in the form of a file, one on every second line from the second on. */
async function waive(waivers: readonly Given[], results: readonly Result[], selected = ["test-policy"], now = NOW): Promise<Result[]> {
  const lines = waivers.map(({ policy = "test-policy", resource = "web", expires }) => {
    return `  - { policy: "${policy}", resource: "${resource}", reason: "because"${expires === undefined ? "" : `, expires: ${expires}`} }`;
  });
  const settings = await parseSettings(`waivers:\n${lines.join("\n\n")}\n`, "harden.yaml");
  return applyWaivers(results, settings, now, selected);
}

async function reasons(waivers: readonly Given[], results: readonly Result[]): Promise<(string | null)[]> {
  return (await waive(waivers, results)).filter(({ resource }) => resource.kind !== "waiver").map((result) => result.waiver?.resource ?? null);
}

async function findings(...args: Parameters<typeof waive>): Promise<string[]> {
  return (await waive(...args)).filter(({ resource }) => resource.kind === "waiver").map(({ policy, resource }) => `${policy}: ${resource.id ?? ""}`);
}

describe("a waiver", () => {
  it("covers fails and unknowns of its policy and resource, nothing else", async () => {
    const results = [
      resultOf(),
      resultOf({ status: "unknown" }),
      resultOf({ status: "pass" }),
      resultOf({ status: "notApplicable" }),
      resultOf({ policy: "other" }),
      resultOf({ resource: { kind: "container", id: "db", name: "db" } }),
    ];
    expect(await reasons([{}], results)).toEqual(["web", "web", null, null, null, null]);
  });

  it("is handed on with the result as it was written", async () => {
    const [result] = await waive([{ expires: "2026-06-15" }], [resultOf()]);
    expect(result).toEqual(resultOf({ waiver: { policy: "test-policy", resource: "web", reason: "because", owner: null, expires: "2026-06-15" } }));
  });

  it.each([
    ["web", "web"], ["shop/web", "shop/web"], ["shop/*", "shop/*"], ["w?b", "w?b"], ["*", "*"], ["we", null], ["shop", null], ["eb", null],
  ])("for %s covers by name or id", async (resource, covered) => {
    expect(await reasons([{ resource }], [resultOf()])).toEqual([covered]);
  });

  it("may name its policy by a glob", async () => {
    expect(await reasons([{ policy: "test-*" }], [resultOf(), resultOf({ policy: "other" })])).toEqual(["web", null]);
  });

  it("covers what is not there to be judged only if it covers everything", async () => {
    const nothing = resultOf({ status: "unknown", resource: { kind: "container", id: null, name: null } });
    expect(await reasons([{ resource: "web" }, { resource: "*" }], [nothing])).toEqual(["*"]);
  });

  it("goes before those that follow it", async () => {
    expect(await reasons([{ resource: "shop/*" }, { resource: "web" }], [resultOf()])).toEqual(["shop/*"]);
    expect(await findings([{ resource: "shop/*" }, { resource: "web" }], [resultOf()])).toEqual([]);
  });
});

describe("an expired waiver", () => {
  it("waives nothing and is a finding at its line", async () => {
    const results = await waive([{ resource: "db" }, { expires: "2026-06-14" }], [resultOf(), resultOf({ resource: { kind: "container", id: "db", name: "db" } })]);
    expect(results[0]?.waiver).toBeNull();
    const location = { file: "harden.yaml", line: 4, column: 5, endLine: 4, endColumn: 87 };
    expect(results.slice(2)).toEqual([{
      policy: "waiver-expired",
      status: "fail",
      severity: "medium",
      title: "Waiver has expired",
      message: "the waiver of test-policy for web has expired on 2026-06-14: because",
      resource: { kind: "waiver", id: "test-policy web", name: "test-policy web" },
      element: null,
      location,
      evidence: [{ path: "expires", operator: "greaterThanInclusive", expected: "2026-06-15", actual: "2026-06-14", unknown: null, location }],
      references: [],
      remediation: { type: "manual", text: "Mend the fault and delete the waiver, or renew it with a new day and a reason that still holds." },
      fingerprint: results[2]?.fingerprint,
      waiver: null,
    }]);
  });

  it("holds on its last day, in UTC", async () => {
    expect(await findings([{ expires: "2026-06-15" }], [resultOf()], ["test-policy"], "2026-06-15T23:59:59Z")).toEqual([]);
    expect(await findings([{ expires: "2026-06-15" }], [resultOf()], ["test-policy"], "2026-06-16T00:00:00Z")).toEqual(["waiver-expired: test-policy web"]);
  });

  it("is a finding even if it covers nothing, and no second one", async () => {
    expect(await findings([{ expires: "2020-01-01" }], [])).toEqual(["waiver-expired: test-policy web"]);
    expect(await findings([{ expires: "2020-01-01" }], [], [])).toEqual(["waiver-expired: test-policy web"]);
  });
});

describe("an unused waiver", () => {
  it("is a finding at its line", async () => {
    const results = await waive([{ resource: "gone" }], [resultOf()]);
    const [, unused] = results;
    expect([unused?.policy, unused?.severity, unused?.status, unused?.message, unused?.location?.line]).toEqual([
      "waiver-unused", "low", "fail", "the waiver of test-policy for gone covers nothing: because", 2,
    ]);
  });

  it("is one if what it names passes", async () => {
    expect(await findings([{}], [resultOf({ status: "pass" })])).toEqual(["waiver-unused: test-policy web"]);
  });

  it("is none if its policy was not selected", async () => {
    expect(await findings([{}, { policy: "test-*" }], [], ["other"])).toEqual([]);
    expect(await findings([{ policy: "test-*" }], [])).toEqual(["waiver-unused: test-* web"]);
  });
});

it("without settings nothing changes", () => {
  expect(applyWaivers([resultOf()], null, NOW, ["test-policy"])).toEqual([resultOf()]);
});
