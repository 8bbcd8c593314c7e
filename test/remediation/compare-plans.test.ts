/** A saved plan beside the one that would be made now. */
import { expect, it } from "vitest";
import { matchSteps } from "../../src/remediation/compare-plans.ts";
import type { Finding } from "../../src/remediation/model.ts";
import { daemonStep, iptablesStep, planOf, sysctlStep } from "../support/steps.ts";

const finding: Finding = { policy: "p", status: "fail", severity: "high", resource: { kind: "sysctl", id: null, name: null }, element: null, fingerprint: "f" };
const sysctl = sysctlStep({ "net.ipv4.tcp_syncookies": "1" });

it("gives the steps as they are planned now, without those that need not be done", () => {
  const now = { ...iptablesStep("v4", "nft"), title: "another title", findings: [finding] };
  expect(matchSteps(planOf([iptablesStep("v4", "nft"), sysctl]), planOf([now]))).toEqual([now]);
  expect(matchSteps(planOf([]), planOf([now]))).toEqual([]);
});

it("does not mind an engine that was restarted", () => {
  const step = daemonStep("/etc/docker/daemon.json", null);
  const restarted = daemonStep("/etc/docker/daemon.json", null, { engine: { ...step.engine, pid: 7 } });
  expect(matchSteps(planOf([step]), planOf([restarted]))).toEqual([restarted]);
});

it("refuses another host, whatever its name is", () => {
  expect(() => matchSteps(planOf([], "a\nb"), planOf([]))).toThrow(/this plan is for the host "a\\nb", and this is "/);
});

it("names the first lines that differ", () => {
  const other = { ...iptablesStep("v4", "nft"), before: "-A HARDEN-IN -j RETURN\n", limits: { rate: 9, burst: 20, connections: 50, logRate: 5 } };
  expect(() => matchSteps(planOf([iptablesStep("v4", "nft")]), planOf([other]))).toThrow(
    /would be another now\n {2}limits\.rate: planned on 10, now 9\n {2}before: planned on null, now "-A HARDEN-IN -j RETURN\\n"$/);
  const edited = { ...sysctl, file: { ...sysctl.file, after: "net.ipv4.tcp_syncookies = 1\n# more\n" } };
  expect(() => matchSteps(planOf([sysctl]), planOf([edited]))).toThrow(/\n {2}file\.after, line 2: planned on "", now "# more"$/);
});

it("refuses what cannot be done any more, with the reason", () => {
  const now = { ...planOf([]), omitted: [{ what: "rules", reason: "nft is not installed", findings: [finding] }] };
  expect(() => matchSteps(planOf([{ ...sysctl, findings: [finding] }]), now)).toThrow(/cannot be done now: nft is not installed/);
});
