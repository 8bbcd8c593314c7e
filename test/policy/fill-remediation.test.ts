import { describe, expect, it } from "vitest";
import { compilePolicy } from "../../src/policy/compile.ts";
import { fillRemediation } from "../../src/policy/fill-remediation.ts";
import type { Remediation } from "../../src/policy/model/policy.ts";
import { policyOf } from "../support/policy.ts";

describe("fillRemediation", () => {
  it("fills parameters into the text and the values of a sysctl, and nothing else", () => {
    const remediation = { type: "sysctl", text: "At most {parameters.maximum} of {sysctl.name}: {parameters.allowed}.", set: { "net.a": "{parameters.maximum}" } } as const;
    expect(fillRemediation(remediation, { maximum: 600, allowed: ["a", "b"] })).toEqual({
      type: "sysctl", text: "At most 600 of {sysctl.name}: a, b.", set: { "net.a": "600" },
    });
    expect(fillRemediation({ type: "daemon", text: "{parameters.on}", set: { icc: "{parameters.on}" } }, { on: false })).toEqual({
      type: "daemon", text: "false", set: { icc: "{parameters.on}" },
    });
  });

  it("gives a fix the parameters' own values, lists spread in lists", () => {
    const remediation = {
      type: "container", text: "t", fix: { set: { pids_limit: "{parameters.most}" }, remove: { cap_add: ["{parameters.caps}", "KILL"], build: { privileged: true } }, removeElement: ["devices"] },
    } as const;
    expect(fillRemediation(remediation as unknown as Remediation, { most: 200, caps: ["ALL", "BPF"] })).toEqual({
      type: "container", text: "t", fix: { set: { pids_limit: 200 }, remove: { cap_add: ["ALL", "BPF", "KILL"], build: { privileged: true } }, removeElement: ["devices"] },
    });
  });

  it("takes the values in force", () => {
    const policy = policyOf({
      parameters: { maximum: { description: "d", default: 1 } },
      remediation: { type: "sysctl", text: "{parameters.maximum}", set: { "net.a": "{parameters.maximum}" } },
    });
    expect(compilePolicy(policy).policy.remediation).toEqual({ type: "sysctl", text: "1", set: { "net.a": "1" } });
    expect(compilePolicy(policy, { maximum: 2 }).policy.remediation).toEqual({ type: "sysctl", text: "2", set: { "net.a": "2" } });
  });
});
