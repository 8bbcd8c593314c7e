import { describe, expect, it } from "vitest";
import { parseSettings } from "../../src/policy/settings.ts";
import { messageOf } from "../support/errors.ts";

const GOOD = `
profile: strict
failOn: never
parameters:
  sysctl-conntrack-max: { minimum: 300000 }
waivers:
  - policy: container-privileged
    resource: shop/*
    reason: driver installer
    owner: ops
    expires: 2028-02-29
`;

async function refuse(text: string): Promise<string[]> {
  return messageOf(() => parseSettings(text, ".harden.yaml"));
}

describe("settings", () => {
  it("are read with all their keys", async () => {
    expect((await parseSettings(GOOD, "f")).settings).toEqual({
      profile: "strict",
      failOn: "never",
      parameters: { "sysctl-conntrack-max": { minimum: 300000 } },
      waivers: [{ policy: "container-privileged", resource: "shop/*", reason: "driver installer", owner: "ops", expires: "2028-02-29" }],
    });
  });

  it("may be empty", async () => {
    expect((await parseSettings("# later\n", "f")).settings).toEqual({});
  });
});

describe("settings that are refused", () => {
  it.each([
    ["profil: strict", ['.harden.yaml:1:1: unknown key "profil"', '  did you mean "profile"?']],
    ["colour: red", ['.harden.yaml:1:1: unknown key "colour"', "  accepted: profile, failOn, parameters, waivers"]],
    ["profile: 5", [".harden.yaml:1:10: profile is 5: expected text"]],
    ["failOn: hihg", ['.harden.yaml:1:9: failOn is "hihg"', '  did you mean "high"?']],
    ["failOn: always", ['.harden.yaml:1:9: failOn is "always"', "  accepted: low, medium, high, critical, never"]],
    ["parameters: { p: 5 }", [".harden.yaml:1:18: parameters.p is 5: expected a map"]],
    ["waivers: {}", [".harden.yaml:1:10: waivers is {}: expected a list"]],
    ["[]", [".harden.yaml:1:1: the file is []: expected a map"]],
    ["waivers:\n  - { policy: p, resource: web }", ['.harden.yaml:2:5: waivers[0]: the key "reason" is missing']],
    ["waivers:\n  - { policy: p, resource: web, reason: '' }", [".harden.yaml:2:41: waivers[0].reason is empty"]],
    ["waivers:\n  - { policy: p, resource: web, reason: x, expires: tomorrow }", [
      '.harden.yaml:2:53: waivers[0].expires is "tomorrow", which is not of the form ^\\d{4}-\\d{2}-\\d{2}$', "  The last day on which it holds",
    ]],
    ["waivers:\n  - { policy: p, resource: web, reason: x, expires: 2026-02-29 }", [
      '.harden.yaml:2:53: waivers[0].expires is "2026-02-29", which is no day of the calendar',
    ]],
    ["waivers:\n  - { policy: p, resource: web, reason: x }\n  - { policy: p, resource: web, reason: y }", [
      ".harden.yaml:3:5: waivers[1] repeats waivers[0]: the same policy and resource",
    ]],
    ["waivers: [", [".harden.yaml:1:11: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]"]],
  ])("%j", async (text, lines) => {
    expect(await refuse(text)).toEqual(lines);
  });

  it("say everything that is wrong at once", async () => {
    expect(await refuse("profil: strict\nfailOn: 5\nwaivers:\n  - { policy: p }\n")).toEqual([
      '.harden.yaml:1:1: unknown key "profil"',
      '  did you mean "profile"?',
      ".harden.yaml:2:9: failOn is 5",
      "  accepted: low, medium, high, critical, never",
      '.harden.yaml:4:5: waivers[0]: the key "resource" is missing',
      '.harden.yaml:4:5: waivers[0]: the key "reason" is missing',
    ]);
  });

  it("cannot act on the terminal of who reads the error", async () => {
    expect(await refuse('"\\u001b]0;owned\\u0007\\u202e": 1')).toEqual([
      '.harden.yaml:1:1: unknown key "\\u001b]0;owned\\u0007\\u{202e}"', "  accepted: profile, failOn, parameters, waivers",
    ]);
  });
});
