import { describe, expect, it } from "vitest";
import { isInterfaceFolder, isSecretSysctl, toSysctlKey, toSysctlPath } from "../../src/snapshot/sysctl-key.ts";

describe("toSysctlPath", () => {
  it.each([
    ["net.ipv4.tcp_syncookies", "net/ipv4/tcp_syncookies"],
    ["net/ipv4/tcp_syncookies", "net/ipv4/tcp_syncookies"],
    ["net.ipv4.conf.eth0/1.rp_filter", "net/ipv4/conf/eth0.1/rp_filter"],
    ["net/ipv4/conf/eth0.1/rp_filter", "net/ipv4/conf/eth0.1/rp_filter"],
    ["/net/ipv4//conf/./lo/tag", "net/ipv4/conf/lo/tag"],
    ["net.ipv4.conf.*.rp_filter", "net/ipv4/conf/*/rp_filter"],
    ["kernel", "kernel"],
  ])("%s is %s", (name, path) => {
    expect(toSysctlPath(name)).toBe(path);
  });

  it("gives back the path of any key that was made from one", () => {
    for (const path of ["net/ipv4/conf/eth0.1/rp_filter", "kernel/kptr_restrict", "net/ipv6/conf/a.b.c/forwarding"]) {
      expect(toSysctlPath(toSysctlKey(path))).toBe(path);
    }
  });
});

it("knows which folders belong to one interface", () => {
  const folders = ["net/ipv4/conf/eth0", "net/ipv6/neigh/eth0.1", "net/ipv4/conf/all", "net/ipv4/neigh/default", "net/ipv4/conf/all0", "net/ipv4", "net/ipv4/conf"];
  expect(folders.filter(isInterfaceFolder)).toEqual(["net/ipv4/conf/eth0", "net/ipv6/neigh/eth0.1", "net/ipv4/conf/all0"]);
});

it("knows which keys are secrets", () => {
  const paths = ["net/ipv6/conf/eth0/stable_secret", "net/ipv4/tcp_fastopen_key", "net/ipv4/tcp_fastopen", "net/ipv4/conf/all/tag"];
  expect(paths.filter(isSecretSysctl)).toEqual(["net/ipv6/conf/eth0/stable_secret", "net/ipv4/tcp_fastopen_key"]);
});
