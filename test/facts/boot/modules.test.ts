import { describe, expect, it } from "vitest";
import { findObstacle } from "../../../src/facts/boot/modules.ts";
import type { BootSetting } from "../../../src/facts/boot/settings.ts";
import type { BootData, TextFile } from "../../../src/snapshot/model.ts";

const CONNTRACK = "net/netfilter/nf_conntrack_max";
const ofFile: BootSetting = { value: "1", place: { source: "boot", key: "x" }, fromCommandLine: false, optional: false };

function obstacleOf(path: string, changes: Partial<BootData>, setting = ofFile): { obstacle: string | null; unknown: string | null } {
  return findObstacle(path, setting, {
    loader: "systemd", commandLine: [], sysctlFiles: [], moduleFiles: [], loadedModules: [], builtinModules: [], ...changes,
  });
}

const modules = (text: string | null, error: string | null = null): TextFile[] => [{ path: "/etc/modules-load.d/net.conf", text, error }];
const NONE = { obstacle: null, unknown: null };

describe("findObstacle", () => {
  it("finds one where nothing loads the module before the files are applied", () => {
    expect(obstacleOf(CONNTRACK, { loadedModules: ["nf_conntrack"] })).toEqual({
      obstacle: "no file of modules-load.d loads nf_conntrack before the sysctl files are applied", unknown: null,
    });
    expect(obstacleOf("net/bridge/bridge-nf-call-iptables", { moduleFiles: modules("# br_netfilter\nnf_conntrack") }).obstacle).toContain("br_netfilter");
  });

  it("finds none where the module is built in, listed or asked for on the command line", () => {
    expect(obstacleOf(CONNTRACK, { builtinModules: ["nf_conntrack"] })).toEqual(NONE);
    expect(obstacleOf(CONNTRACK, { moduleFiles: modules("  nf-conntrack\n") })).toEqual(NONE);
    expect(obstacleOf(CONNTRACK, { commandLine: ["modules-load=loop,nf_conntrack"] })).toEqual(NONE);
    expect(obstacleOf("net/ipv4/tcp_syncookies", {})).toEqual(NONE);
  });

  it("knows that the command line's own sysctls come before any module", () => {
    const setting = { ...ofFile, fromCommandLine: true };
    expect(obstacleOf(CONNTRACK, { moduleFiles: modules("nf_conntrack") }, setting).obstacle).toContain("command line");
    expect(obstacleOf(CONNTRACK, { builtinModules: ["nf_conntrack"] }, setting)).toEqual(NONE);
  });

  it("does not guess what it could not read", () => {
    expect(obstacleOf(CONNTRACK, { builtinModules: null }).unknown).toContain("built into the kernel");
    expect(obstacleOf(CONNTRACK, { moduleFiles: modules(null, "EACCES") }).unknown).toBe("/etc/modules-load.d/net.conf cannot be read: EACCES");
  });
});
