import { describe, expect, it } from "vitest";
import type { Sysctl } from "../../../src/facts/model/sysctl.ts";
import type { Evidence, Result } from "../../../src/policy/model/report.ts";
import { planSysctl } from "../../../src/remediation/sysctl/plan-sysctl.ts";
import type { SysctlStep } from "../../../src/remediation/model.ts";
import type { BootData, Snapshot } from "../../../src/snapshot/model.ts";
import { kindsOf, sysctlOf } from "../facts.ts";
import { reportOf, resultOf, WAIVER } from "../../support/results.ts";
import { snapshotOf } from "../../support/snapshot.ts";

const COOKIES = "net.ipv4.tcp_syncookies";
const MAX = "net.netfilter.nf_conntrack_max";
const BUCKETS = "net.netfilter.nf_conntrack_buckets";
const FIRST = { "net.core.somaxconn": "4096", "net.core.netdev_max_backlog": "1000" };

const evidence = (...paths: string[]): Evidence[] =>
  paths.map((path) => ({ path, operator: "lessThan", expected: 1, actual: 0, unknown: null, location: null }));
const fail = (key: string, value: string, paths: string[] = ["number", "bootNumber"], changes: Partial<Result> = {}): Result => resultOf(
  `sysctl-${key.split(".").at(-1) ?? ""}`, `host:${key}`,
  { remediation: { type: "sysctl", text: "t", set: { [key]: value } }, evidence: evidence(...paths), ...changes },
);

function snapshot(boot: Partial<BootData> = {}, host: Record<string, string> = FIRST, initialUserNamespace = true): Snapshot {
  const { sources } = snapshotOf();
  if (sources.host.data === null || sources.boot.data === null) throw new Error("no data");
  return snapshotOf({
    host: { ...sources.host.data, initialUserNamespace }, sysctl: { host, netError: null, namespaces: [], asked: [] }, boot: { ...sources.boot.data, ...boot },
  });
}
function plan(results: Result[], sysctls: Sysctl[], from: Snapshot = snapshot()): { step: SysctlStep | undefined; omitted: [string, string][] } {
  const { steps, omitted } = planSysctl(reportOf(...results), from, kindsOf(...sysctls));
  const [step] = steps;
  return { step: step?.kind === "sysctl" ? step : undefined, omitted: omitted.map(({ what, reason }) => [what, reason]) };
}

describe("planSysctl", () => {
  it("sets the running value and the boot's, with the policy named", () => {
    const { step } = plan([fail(COOKIES, "1")], [sysctlOf(COOKIES, "0")]);
    expect(step?.changes).toEqual([{ key: COOKIES, before: "0", after: "1", boot: null, policies: ["sysctl-tcp_syncookies"], revertible: true }]);
    expect(step?.file).toEqual({
      path: "/etc/sysctl.d/zz-harden.conf", before: null,
      after: "# Written by harden: what differed from the policies named above each key. Undone by harden rollback, or by the plan's rollback.sh.\n# sysctl-tcp_syncookies\nnet.ipv4.tcp_syncookies = 1\n",
    });
    expect(step?.modules).toBeNull();
  });

  it.each([
    ["keeps a running value that is good where only the boot's is not", "524288", "65536", ["bootNumber"], "524288"],
    ["takes the boot's value where only the running one is not", "65536", "524288", ["number"], "524288"],
    ["takes the policy's where neither is good", "65536", "1024", ["number", "bootNumber"], "262144"],
  ])("%s", (_, value, boot, paths, after) => {
    const { step } = plan([fail(MAX, "262144", paths)], [sysctlOf(MAX, value, { boot, bootNumber: Number(boot) })]);
    expect(step?.changes).toEqual([expect.objectContaining({ before: value, after, boot })]);
  });

  it("sets a setting of every interface on those at fault and on later ones, and not that of another protocol", () => {
    const key = "net.ipv4.conf.all.send_redirects";
    const set = { [key]: "0", "net.ipv4.conf.*.send_redirects": "0", "net.ipv6.conf.*.send_redirects": "0" };
    const failing = resultOf("sysctl-send-redirects", `host:${key}`, { remediation: { type: "sysctl", text: "t", set }, evidence: evidence("highest") });
    const { step } = plan([failing], [sysctlOf(key, "0", { lowest: 0, highest: 1, lowestOn: ["eth1"], highestOn: ["eth0", "eth0/7"] })]);
    expect(step?.changes.map(({ key: changed, after }) => [changed, after])).toEqual([
      [key, "0"], ["net.ipv4.conf.default.send_redirects", "0"], ["net.ipv4.conf.eth0.send_redirects", "0"], ["net.ipv4.conf.eth0/7.send_redirects", "0"],
    ]);
  });

  it("knows the running value of an interface's own key, which is no resource", () => {
    const key = "net.ipv4.conf.all.send_redirects";
    const set = { [key]: "0", "net.ipv4.conf.*.send_redirects": "0" };
    const failing = resultOf("sysctl-send-redirects", `host:${key}`, { remediation: { type: "sysctl", text: "t", set }, evidence: evidence("highest") });
    const own = sysctlOf(key, "0", { lowest: 0, highest: 1, lowestOn: [], highestOn: ["eth0"] });
    const { step } = plan([failing], [own], snapshot({}, { "net.ipv4.conf.eth0.send_redirects": "1", "net.ipv4.conf.default.send_redirects": "1" }));
    expect(step?.changes.map(({ key: changed, before }) => [changed, before])).toEqual([[key, "0"], ["net.ipv4.conf.default.send_redirects", "1"], ["net.ipv4.conf.eth0.send_redirects", "1"]]);
    expect(step?.notes).toEqual([]);
  });

  it("gives the table as many buckets as the size that is planned needs", () => {
    const { step } = plan([fail(MAX, "1048576"), fail(BUCKETS, "65536")], [sysctlOf(MAX, "65536"), sysctlOf(BUCKETS, "16384")]);
    expect(step?.changes.map(({ key, after }) => [key, after])).toEqual([[BUCKETS, "131072"], [MAX, "1048576"]]);
  });

  it("sets of several keys of a policy the one that is at fault", () => {
    const set = { "fs.protected_hardlinks": "1", "fs.protected_symlinks": "1" };
    const result = resultOf("sysctl-protected-links", "host:fs.protected_symlinks", { remediation: { type: "sysctl", text: "t", set }, evidence: evidence("number") });
    expect(plan([result], [sysctlOf("fs.protected_symlinks", "0")]).step?.changes.map(({ key }) => key)).toEqual(["fs.protected_symlinks"]);
  });

  it("keeps what runs where a policy only wants it to last", () => {
    const result = resultOf("sysctl-not-persistent", `host:${COOKIES}`, { remediation: { type: "sysctl", text: "t", set: {} } });
    expect(plan([result], [sysctlOf(COOKIES, "1")]).step?.changes).toEqual([expect.objectContaining({ before: "1", after: "1" })]);
  });

  it("lists the module that brings the keys, unless the boot loads it", () => {
    const results = [fail(MAX, "262144")];
    const sysctls = [sysctlOf(MAX, "65536")];
    expect(plan(results, sysctls).step?.modules).toMatchObject({ path: "/etc/modules-load.d/harden.conf", before: null, after: expect.stringMatching(/\nnf_conntrack\n$/) as string });
    const listed = { path: "/etc/modules-load.d/x.conf", text: "# x\n nf-conntrack \n", error: null };
    expect(plan(results, sysctls, snapshot({ moduleFiles: [listed] })).step?.modules).toBeNull();
    expect(plan(results, sysctls, snapshot({ builtinModules: ["nf_conntrack"] })).step?.modules).toBeNull();
    expect(plan(results, sysctls, snapshot({ commandLine: ["modules_load=a,nf_conntrack"] })).step?.modules).toBeNull();
    const comment = { path: "/etc/modules-load.d/x.conf", text: "#nf_conntrack\n", error: null };
    expect(plan(results, sysctls, snapshot({ moduleFiles: [comment] })).step?.modules).not.toBeNull();
  });

  it("keeps what an earlier plan put into the file", () => {
    const before = "# Written by harden: what differed from the policies named above each key. Undone by harden rollback, or by the plan's rollback.sh.\n# sysctl-a\nkernel.a = 1\n# old\nnet.ipv4.tcp_syncookies = 2\n";
    const { step } = plan([fail(COOKIES, "1")], [sysctlOf(COOKIES, "2")], snapshot({ sysctlFiles: [{ path: "/etc/sysctl.d/zz-harden.conf", text: before, error: null }] }));
    expect(step?.file.before).toBe(before);
    expect(step?.file.after.split("\n").slice(1)).toEqual(["# sysctl-a", "kernel.a = 1", "# sysctl-tcp_syncookies", "net.ipv4.tcp_syncookies = 1", ""]);
  });

  it("has a file name behind all others", () => {
    const files = ["/usr/lib/sysctl.d/50-default.conf", "/etc/sysctl.d/zz-last.conf"].map((path) => ({ path, text: "", error: null }));
    expect(plan([fail(COOKIES, "1")], [sysctlOf(COOKIES, "0")], snapshot({ sysctlFiles: files })).step?.file.path).toBe("/etc/sysctl.d/zzz-harden.conf");
  });

  it("tells what no file of ours wins against", () => {
    const place = { file: "/etc/sysctl.conf", line: 7, column: 1, endLine: 7, endColumn: 20 };
    const sysctl = sysctlOf(COOKIES, "0", { boot: "0", bootNumber: 0, origins: { "/boot": place } });
    const results = [fail(COOKIES, "1")];
    expect(plan(results, [sysctl], snapshot({ loader: "procps" })).omitted).toEqual([
      [`${COOKIES} at boot`, "/etc/sysctl.conf sets it to 0 in line 7 and is read last: change that line"],
    ]);
    expect(plan(results, [sysctl], snapshot({ loader: "systemd" })).omitted).toEqual([]);
  });

  it.each([
    ["a key of the first network namespace in another", MAX, snapshot({}, { "net.core.somaxconn": "4096" }), "outside the first network namespace"],
    ["a key of the first user namespace in another", "kernel.kptr_restrict", snapshot({}, FIRST, false), "outside the first user namespace"],
    ["a key with a pattern in it", "net.ipv4.conf.e*.rp_filter", snapshot(), "cannot stand in a file"],
    ["a key with an assignment in it", "net.ipv4.conf.a=b.rp_filter", snapshot(), "cannot stand in a file"],
    ["a key that climbs", "net.ipv4.../../x", snapshot(), "cannot stand in a file"],
    ["a key with a line break", "net.a\nb.c", snapshot(), "cannot stand in a file"],
  ])("leaves out %s, with the reason", (_, key, from, reason) => {
    const { step, omitted } = plan([fail(key, "1")], [sysctlOf(key, "0")], from);
    expect(step).toBeUndefined();
    expect(omitted).toEqual([[`${key} = 1`, expect.stringContaining(reason)]]);
  });

  it("leaves out a key that the kernel does not have, but not one whose module is not loaded yet", () => {
    expect(plan([fail("kernel.nope", "1")], [sysctlOf("kernel.nope", null)]).omitted).toEqual([["kernel.nope = 1", "this kernel does not have it"]]);
    const { step, omitted } = plan([fail(MAX, "262144", ["bootNumber"])], [sysctlOf(MAX, null)]);
    expect(omitted).toEqual([]);
    expect(step?.changes).toEqual([expect.objectContaining({ before: null, after: "262144" })]);
  });

  it("says what the kernel takes back only at a reboot", () => {
    const key = "kernel.kexec_load_disabled";
    const { step } = plan([fail(key, "1")], [sysctlOf(key, "0")]);
    expect(step?.changes[0]?.revertible).toBe(false);
    expect(step?.notes).toEqual([`${key}: the kernel takes the old value back only at a reboot`]);
  });

  it("leaves alone what is waived, unknown or a container's own", () => {
    const results = [
      fail(COOKIES, "1", [], { waiver: WAIVER }), fail(COOKIES, "1", [], { status: "unknown" }),
      { ...fail(COOKIES, "1"), resource: { kind: "sysctl" as const, id: `web:${COOKIES}`, name: COOKIES } },
    ];
    expect(plan(results, [sysctlOf(COOKIES, "0")])).toEqual({ step: undefined, omitted: [] });
  });
});
