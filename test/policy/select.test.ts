import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/policy/model/policy.ts";
import type { Profile } from "../../src/policy/model/settings.ts";
import { selectPolicies, type Selection } from "../../src/policy/select.ts";
import { parseSettings } from "../../src/policy/settings.ts";
import { messageOf } from "../support/errors.ts";
import { policyOf } from "../support/policy.ts";

const LIMIT: Policy["parameters"] = {
  most: { description: "…", default: 5 }, names: { description: "…", default: [] }, ports: { description: "…", default: [80, 443] }, on: { description: "…", default: false },
};
const BUILTIN = [policyOf({ id: "taste" }), policyOf({ id: "limit", parameters: LIMIT }), policyOf({ id: "live-only", on: ["live"] })];
const PROFILES: Profile[] = [
  { name: "baseline", description: "…", exclude: ["taste"] },
  { name: "strict", description: "…", parameters: { limit: { most: 2, ports: [22] } } },
];

async function select(changes: Partial<Omit<Selection, "settings">> & { settings?: string } = {}) {
  const { settings, ...rest } = changes;
  const located = settings === undefined ? null : await parseSettings(settings, "h.yaml");
  return selectPolicies({ builtin: BUILTIN, profiles: PROFILES, foreign: [], profile: null, mode: "live", ...rest, settings: located });
}

async function ids(changes: Parameters<typeof select>[0]): Promise<string[]> {
  return (await select(changes)).map(({ policy }) => policy.id);
}

async function parametersOf(changes: Parameters<typeof select>[0]): Promise<unknown> {
  return (await select(changes)).find(({ policy }) => policy.id === "limit")?.parameters.value;
}

describe("the profile", () => {
  it("is baseline, else the settings', else the flag's", async () => {
    expect(await ids({})).toEqual(["limit", "live-only"]);
    expect(await ids({ settings: "profile: strict" })).toEqual(["taste", "limit", "live-only"]);
    expect(await ids({ settings: "profile: strict", profile: "baseline" })).toEqual(["limit", "live-only"]);
  });

  it("leaves out no policy from elsewhere", async () => {
    expect(await ids({ foreign: [policyOf({ id: "mine" })] })).toEqual(["limit", "live-only", "mine"]);
  });

  it("has to exist: named by a flag", async () => {
    expect(await messageOf(() => select({ profile: "strickt" }))).toEqual(['there is no profile "strickt"', '  did you mean "strict"?']);
  });

  it("has to exist: named by the settings, at its line", async () => {
    expect(await messageOf(() => select({ settings: "failOn: low\nprofile: mine" }))).toEqual(['h.yaml:2:10: there is no profile "mine"', "  accepted: baseline, strict"]);
  });
});

describe("the mode", () => {
  it("leaves out what is not for it", async () => {
    expect(await ids({ mode: "check" })).toEqual(["limit"]);
  });
});

describe("parameters", () => {
  it("are the settings' before the profile's before the defaults", async () => {
    expect(await parametersOf({})).toEqual({ most: 5, names: [], ports: [80, 443], on: false });
    expect(await parametersOf({ profile: "strict" })).toEqual({ most: 2, names: [], ports: [22], on: false });
    expect(await parametersOf({ profile: "strict", settings: "parameters: { limit: { most: 1, names: [a, 2], on: true } }" })).toEqual({
      most: 1, names: ["a", 2], ports: [22], on: true,
    });
  });

  it("may be given for a policy from elsewhere, and for one that the profile leaves out", async () => {
    const mine = policyOf({ id: "mine", parameters: { most: { description: "…", default: 5 } } });
    const compiled = await select({ foreign: [mine], settings: "parameters: { mine: { most: 1 }, taste: {} }" });
    expect(compiled.at(-1)?.parameters.value).toEqual({ most: 1 });
  });

  it.each([
    ["parameters:\n  limt: { most: 1 }", ['h.yaml:2:3: there is no policy "limt"', '  did you mean "limit"?']],
    ["parameters:\n  something-else: { most: 1 }", ['h.yaml:2:3: there is no policy "something-else"', "  `harden policy list` prints the policies"]],
    ["parameters:\n  limit: { mots: 1 }", ['h.yaml:2:12: limit has no parameter "mots"', '  did you mean "most"?']],
    ["parameters:\n  limit: { colour: 1 }", ['h.yaml:2:12: limit has no parameter "colour"', "  accepted: most, names, ports, on"]],
    ["parameters:\n  limit: { toString: 1 }", ['h.yaml:2:12: limit has no parameter "toString"', "  accepted: most, names, ports, on"]],
    ["parameters:\n  taste: { most: 1 }", ['h.yaml:2:12: taste has no parameter "most"', "  it has no parameters"]],
    ["parameters:\n  limit: { most: '1' }", ['h.yaml:2:18: most is "1": expected a number, such as the default 5']],
    ["parameters:\n  limit: { most: .nan }", ["h.yaml:2:18: most is NaN: expected a number, such as the default 5"]],
    ["parameters:\n  limit: { most: [1] }", ["h.yaml:2:18: most is [1]: expected a number, such as the default 5"]],
    ["parameters:\n  limit: { names: a }", ['h.yaml:2:19: names is "a": expected a list of text or numbers, such as the default []']],
    ["parameters:\n  limit: { ports: [80, ssh] }", ['h.yaml:2:19: ports is [80,"ssh"]: expected a list of numbers, such as the default [80,443]']],
    ["parameters:\n  limit: { on: maybe }", ['h.yaml:2:16: on is "maybe": expected true or false, such as the default false']],
  ])("that are wrong are refused at their line: %j", async (settings, lines) => {
    expect(await messageOf(() => select({ settings }))).toEqual(lines);
  });
});

describe("waivers", () => {
  const waiver = (policy: string) => `waivers:\n  - { policy: "${policy}", resource: web, reason: x }`;

  it("name a policy that exists, selected or not, or a glob", async () => {
    for (const policy of ["limit", "taste", "nothing-*"]) expect(await ids({ settings: waiver(policy) })).toEqual(["limit", "live-only"]);
  });

  it("that name another are refused at their line", async () => {
    expect(await messageOf(() => select({ settings: waiver("tast") }))).toEqual(['h.yaml:2:15: there is no policy "tast"', '  did you mean "taste"?']);
  });
});
