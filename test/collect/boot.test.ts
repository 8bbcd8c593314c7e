import { execFileSync } from "node:child_process";
import { release } from "node:os";
import { describe, expect, it } from "vitest";
import { collectBoot } from "../../src/collect/boot.ts";
import type { BootData, TextFile } from "../../src/snapshot/model.ts";
import { plantTree } from "../support/tree.ts";

const SYSTEMD = { "/run/systemd/system/x": "" };

async function collect(files: Readonly<Record<string, string>>): Promise<BootData & { detail: string | null }> {
  return read(plantTree(files));
}

async function read(root: string): Promise<BootData & { detail: string | null }> {
  const { status, detail, data } = await collectBoot(root);
  expect(status).toBe("ok");
  if (data === null) throw new Error("nothing was collected");
  return { ...data, detail };
}

const paths = (files: readonly TextFile[]): string[] => files.map(({ path }) => path);

describe("collectBoot", () => {
  it("orders files by name and lets an earlier folder hide a later one's", async () => {
    const { sysctlFiles } = await collect({
      ...SYSTEMD,
      "/usr/lib/sysctl.d/50-b.conf": "hidden", "/etc/sysctl.d/50-b.conf": "shown", "/run/sysctl.d/10-a.conf": "a", "/usr/local/lib/sysctl.d/9-c.conf": "c",
      "/usr/lib/sysctl.d/README": "", "/etc/sysctl.d/.hidden.conf": "", "/etc/sysctl.d/60-off.conf": "-> /dev/null", "/usr/lib/sysctl.d/60-off.conf": "masked",
      "/etc/sysctl.d/70-gone.conf": "-> /nowhere/at/all", "/usr/lib/sysctl.d/70-gone.conf": "masked too",
    });
    expect(sysctlFiles).toEqual([
      { path: "/run/sysctl.d/10-a.conf", text: "a", error: null },
      { path: "/etc/sysctl.d/50-b.conf", text: "shown", error: null },
      { path: "/usr/local/lib/sysctl.d/9-c.conf", text: "c", error: null },
    ]);
  });

  it("reads /etc/sysctl.conf and /etc/modules for procps, last", async () => {
    const data = await collect({ "/etc/sysctl.conf": "vm.swappiness=1", "/etc/sysctl.d/99-z.conf": "", "/etc/modules": "loop", "/etc/modules-load.d/a.conf": "" });
    expect([data.loader, paths(data.sysctlFiles), paths(data.moduleFiles), data.detail]).toEqual([
      "procps", ["/etc/sysctl.d/99-z.conf", "/etc/sysctl.conf"], ["/etc/modules-load.d/a.conf", "/etc/modules"], null,
    ]);
  });

  it("reads them for systemd only by a link, and says so where a file is not read", async () => {
    const linked = await collect({ ...SYSTEMD, "/etc/sysctl.conf": "vm.swappiness=1", "/etc/sysctl.d/99-sysctl.conf": "-> ../sysctl.conf", "/etc/modules": "loop" });
    expect([linked.loader, linked.sysctlFiles, linked.moduleFiles, linked.detail]).toEqual([
      "systemd", [{ path: "/etc/sysctl.d/99-sysctl.conf", text: "vm.swappiness=1", error: null }], [], null,
    ]);
    const ignored = await collect({ "/usr/lib/systemd/systemd-sysctl": "", "/etc/sysctl.conf": "# note\nvm.swappiness=1" });
    expect([ignored.sysctlFiles, ignored.detail]).toEqual([
      [], "/etc/sysctl.conf sets values that systemd-sysctl does not read, since no file of sysctl.d links to it",
    ]);
    expect((await collect({ ...SYSTEMD, "/etc/sysctl.conf": "# nothing but comments\n" })).detail).toBe(null);
  });

  it("keeps of the kernel's command line what sets sysctls or loads modules", async () => {
    const cmdline = 'root=/dev/sda1 secret=x sysctl.vm.swappiness=1 "sysctl.kernel.core_pattern=|/bin/a b" modules-load=loop -- sysctl.vm.swappiness=2\n';
    expect((await collect({ "/proc/cmdline": cmdline })).commandLine).toEqual(["sysctl.vm.swappiness=1", "sysctl.kernel.core_pattern=|/bin/a b", "modules-load=loop"]);
    expect((await collect({ "/etc/x": "" })).commandLine).toBe(null);
  });

  it("lets no secret out", async () => {
    const text = "net.ipv6.conf.all.stable_secret = 2001:db8::1\n-net/ipv4/tcp_fastopen_key=00-11-22-33\nvm.swappiness=1";
    const data = await collect({ ...SYSTEMD, "/etc/sysctl.d/a.conf": text, "/proc/cmdline": "sysctl.net.ipv4.tcp_fastopen_key=00-11-22-33" });
    expect(data.sysctlFiles[0]?.text).toBe("net.ipv6.conf.all.stable_secret =[redacted:sysctl]\n-net/ipv4/tcp_fastopen_key=[redacted:sysctl]\nvm.swappiness=1");
    expect(data.commandLine).toEqual(["sysctl.net.ipv4.tcp_fastopen_key=[redacted:sysctl]"]);
  });

  it("lists modules by the kernel's spelling, and knows none where there is no list", async () => {
    const builtin = `/lib/modules/${release()}/modules.builtin`;
    const data = await collect({ "/proc/modules": "nf_conntrack 1 2 - Live 0x0\nbr_netfilter 1 0\n", [builtin]: "kernel/net/netfilter/xt-mark.ko\nkernel/fs/ext4/ext4.ko\n" });
    expect([data.loadedModules, data.builtinModules]).toEqual([["br_netfilter", "nf_conntrack"], ["ext4", "xt_mark"]]);
    const without = await collect({ "/etc/x": "" });
    expect([without.loadedModules, without.builtinModules]).toEqual([null, null]);
  });

  it("waits for no pipe, and reads no folder and nothing huge", async () => {
    const root = plantTree({ ...SYSTEMD, "/etc/sysctl.d/b.conf/x": "", "/etc/sysctl.d/c.conf": "#".repeat(2 * 1024 * 1024) });
    execFileSync("mkfifo", [`${root}/etc/sysctl.d/a.conf`]);
    expect((await read(root)).sysctlFiles.map(({ path, text, error }) => [path, text, error])).toEqual([
      ["/etc/sysctl.d/a.conf", null, "EINVAL"], ["/etc/sysctl.d/b.conf", null, "EINVAL"], ["/etc/sysctl.d/c.conf", null, "EFBIG"],
    ]);
  });
});
