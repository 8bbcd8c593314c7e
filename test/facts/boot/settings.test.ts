import { describe, expect, it } from "vitest";
import { readBootSettings } from "../../../src/facts/boot/settings.ts";
import type { BootData, TextFile } from "../../../src/snapshot/model.ts";

const readable = (path: string, text: string): TextFile => ({ path, text, error: null });
const closed: TextFile = { path: "/etc/sysctl.d/50-closed.conf", text: null, error: "EACCES" };

function find(path: string, sysctlFiles: TextFile[], changes: Partial<BootData> = {}): unknown {
  const boot: BootData = { loader: "systemd", commandLine: [], sysctlFiles, moduleFiles: [], loadedModules: [], builtinModules: [], ...changes };
  const found = readBootSettings(boot).find(path);
  return typeof found === "object" && found !== null ? found.value : found;
}

describe("readBootSettings", () => {
  it("lets the last assignment win", () => {
    expect(find("vm/swappiness", [readable("a", "vm.swappiness=1\nvm.swappiness=2"), readable("b", "vm/swappiness=3")])).toBe("3");
  });

  it("never lets a glob win against an exact name", () => {
    const files = [readable("a", "net.ipv4.conf.eth0.rp_filter=1"), readable("b", "net.ipv4.conf.*.rp_filter=2")];
    expect([find("net/ipv4/conf/eth0/rp_filter", files), find("net/ipv4/conf/eth1/rp_filter", files)]).toEqual(["1", "2"]);
  });

  it("leaves an assignment that is repeated where it stood, as systemd-sysctl does and procps does not", () => {
    const files = [readable("a", "net.ipv4.conf.*.tag=1\nnet.ipv4.conf.e*.tag=2\nnet.ipv4.conf.*.tag=1")];
    expect([find("net/ipv4/conf/eth0/tag", files), find("net/ipv4/conf/eth0/tag", files, { loader: "procps" })]).toEqual(["2", "1"]);
  });

  it("takes the two names of nf_conntrack_max for one", () => {
    const files = [readable("a", "net.netfilter.nf_conntrack_max=1\nnet.nf_conntrack_max=2")];
    expect([find("net/netfilter/nf_conntrack_max", files), find("net/nf_conntrack_max", files)]).toEqual(["2", "2"]);
  });

  it("takes the kernel's command line where no file says anything", () => {
    const commandLine = ["sysctl.vm.swappiness=7", "sysctl.kernel/panic=9"];
    expect([find("vm/swappiness", [], { commandLine }), find("kernel/panic", [readable("a", "kernel.panic=1")], { commandLine })]).toEqual(["7", "1"]);
  });

  it("knows a value beside a file that cannot be read only if a later file sets it by name", () => {
    const later = readable("/etc/sysctl.d/60-later.conf", "vm.swappiness=1\nnet.ipv4.conf.*.tag=2");
    expect(find("vm/swappiness", [closed, later])).toBe("1");
    const unknown = "/etc/sysctl.d/50-closed.conf cannot be read: EACCES";
    expect([find("kernel/panic", [closed, later]), find("net/ipv4/conf/lo/tag", [closed, later]), find("vm/swappiness", [later, closed])]).toEqual([
      unknown, unknown, unknown,
    ]);
  });

  it("passes over files that set nothing because they are none", () => {
    const odd: TextFile[] = [{ path: "a", text: null, error: "ENOENT" }, { path: "b", text: null, error: "EINVAL" }];
    expect(find("vm/swappiness", odd)).toBe(null);
  });

  it("does not know what an unreadable command line sets", () => {
    expect([find("vm/swappiness", [], { commandLine: null }), find("kernel/panic", [readable("a", "kernel.panic=1")], { commandLine: null })]).toEqual([
      "/proc/cmdline cannot be read", "1",
    ]);
  });
});
