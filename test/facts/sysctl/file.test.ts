import { describe, expect, it } from "vitest";
import { deriveSysctlFile } from "../../../src/facts/sysctl/file.ts";

const derive = (text: string) => deriveSysctlFile({ path: "99.conf", text, error: null }).resources;

/** What the keys of a setting of interfaces come to, `NAME lowest highest`. */
const effects = (text: string): string[] => derive(text).map(({ lowestOn, lowest, highest }) => `${lowestOn.join()} ${String(lowest)} ${String(highest)}`);

describe("settings of interfaces", () => {
  it.each([
    ["net.ipv4.conf.all.rp_filter=0", ["all 0 0"]],
    ["net.ipv4.conf.all.rp_filter=0\nnet.ipv4.conf.default.rp_filter=1", ["all 1 0", "default 1 1"]],
    ["net.ipv4.conf.all.rp_filter=2\nnet.ipv4.conf.eth0.rp_filter=0", ["all 2 2", "eth0 2 0"]],
    ["net.ipv4.conf.all.send_redirects=0\nnet.ipv4.conf.default.send_redirects=1", ["all 1 0", "default 1 1"]],
    ["net.ipv4.conf.all.accept_redirects=0\nnet.ipv4.conf.default.accept_redirects=1", ["all 0 0", "default 0 0"]],
    ["net.ipv4.conf.default.accept_source_route=1", ["default 1 1"]],
    ["net.ipv6.conf.all.accept_redirects=1", ["all 1 1"]],
    ["net/ipv6/conf/eth0.7/accept_ra = 1", ["eth0.7 1 1"]],
    ["net.ipv4.ip_forward=1", [" null null"]],
  ])("%s", (text, expected) => {
    expect(effects(text)).toEqual(expected);
  });

  it("are not known where the value is no number", () => {
    const [found] = derive("net.ipv4.conf.all.rp_filter = on");
    expect(found?.unknown["/lowest"]).toBe('it is set to "on" at boot, which is not one number');
  });
});

describe("a key", () => {
  const known = (text: string): unknown[] => derive(text).map(({ exists, suggestion, unknown }) => [exists, suggestion, Object.hasOwn(unknown, "/exists")]);

  it("exists if a kernel is known to have it, whatever the interface", () => {
    expect(known("net.ipv4.conf.eth7/3.rp_filter=1\nkernel.yama.ptrace_scope=1\nnet.nf_conntrack_max=1")).toEqual([[true, null, false], [true, null, false], [true, null, false]]);
  });

  it("does not exist in a spelling that is known to be wrong, with the right one if there is one", () => {
    expect(known("net.nf_conntrack_buckets = 65536\nnet.ipv4.tcp_tw_recycle=1")).toEqual([[false, "net.netfilter.nf_conntrack_buckets", false], [false, null, false]]);
  });

  it("may be another kernel's where nothing is known of it", () => {
    expect(known("kernel.brand_new=1")).toEqual([[false, null, true]]);
  });
});
