/** The kernel that runs the tests knows better than the tables. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { builtinPolicies } from "../../../src/policy/builtin.ts";
import { lookUpKey } from "../../../src/facts/sysctl/known-keys.ts";
import { toSysctlPath } from "../../../src/snapshot/sysctl-key.ts";

describe("keys", () => {
  it("that policies judge are known", () => {
    const names = builtinPolicies().flatMap(({ target, names: own = [] }) => (target === "sysctl" ? own : []));
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !lookUpKey(toSysctlPath(name.replace("*", "eth0"))).value.exists)).toEqual([]);
  });

  it.runIf(existsSync("/proc/sys/net/ipv4"))("that are known to be wrong are not in this kernel, and what is meant instead is", () => {
    const wrong = ["net.nf_conntrack_buckets", "net.ipv4.tcp_syn_cookies", "net.ipv4.icmp_echo_ignore_broadcast", "kernel.suid_dumpable", "net.ipv4.rp_filter"];
    expect(wrong.filter((key) => existsSync(`/proc/sys/${toSysctlPath(key)}`))).toEqual([]);
    const meant = wrong.slice(1).map((key) => lookUpKey(toSysctlPath(key)).value.suggestion ?? "none");
    expect(meant.filter((key) => !existsSync(`/proc/sys/${toSysctlPath(key)}`))).toEqual([]);
  });
});
