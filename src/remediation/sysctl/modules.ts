/** Kernel modules that bring sysctls: before they are loaded the keys do not exist, and what sysctl.d says of them is lost. */
import type { BootData } from "../../snapshot/model.ts";
import type { FileChange } from "../model.ts";

/** The module that brings a key; null for the kernel's own. */
export function moduleOf(key: string): string | null {
  if (key.startsWith("net.netfilter.nf_conntrack_") || key === "net.nf_conntrack_max") return "nf_conntrack";
  return key.startsWith("net.bridge.bridge-nf-") ? "br_netfilter" : null;
}

const PATH = "/etc/modules-load.d/harden.conf";

/** The file of modules-load.d that has what the keys need loaded before systemd-sysctl runs; null where the boot loads it already. */
export function planModules(keys: readonly string[], boot: BootData | null): FileChange | null {
  const needed = new Set(keys.flatMap((key) => moduleOf(key) ?? []));
  const missing = [...needed].filter((name) => !isLoadedAtBoot(name, boot)).sort();
  if (missing.length === 0) return null;
  const before = boot?.moduleFiles.find(({ path }) => path === PATH)?.text ?? null;
  const present = before ?? "# Written by harden: modules whose sysctls are set at boot. Undone by harden rollback, or by the plan's rollback.sh.\n";
  return { path: PATH, before, after: `${present}${present.endsWith("\n") ? "" : "\n"}${missing.map((name) => `${name}\n`).join("")}` };
}

function isLoadedAtBoot(name: string, boot: BootData | null): boolean {
  const listed = (boot?.moduleFiles ?? []).flatMap(({ text }) => (text ?? "").split("\n").map((line) => line.trim()));
  const given = (boot?.commandLine ?? []).flatMap((word) => /^modules[_-]load=(.*)$/.exec(word)?.[1]?.split(",") ?? []);
  const names = [...listed.filter((line) => !/^[#;]/.test(line)), ...given, ...(boot?.builtinModules ?? [])];
  return names.some((other) => other.replaceAll("-", "_") === name);
}
