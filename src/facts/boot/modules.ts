/** Keys that come with a kernel module, and whether it is there when the boot sets them. */
import type { BootData } from "../../snapshot/model.ts";
import type { BootSetting } from "./settings.ts";

/** Sysctl folders and names by the module that registers them (nf_conntrack_standalone.c, br_netfilter_hooks.c). */
const MODULES: readonly [RegExp, string][] = [
  [/^net\/netfilter\/nf_(conntrack|flowtable)_/, "nf_conntrack"],
  [/^net\/nf_conntrack_max$/, "nf_conntrack"],
  [/^net\/bridge\//, "br_netfilter"],
];

/** Why a value would be lost at boot, null if nothing stands in its way; `unknown` is the reason why that cannot be told. */
export function findObstacle(path: string, { fromCommandLine }: BootSetting, boot: BootData): { obstacle: string | null; unknown: string | null } {
  const module = MODULES.find(([keys]) => keys.test(path))?.[1];
  if (module === undefined || boot.builtinModules?.includes(module) === true) return { obstacle: null, unknown: null };
  if (!fromCommandLine && listLoadedAtBoot(boot).has(module)) return { obstacle: null, unknown: null };
  const unread = boot.moduleFiles.find(({ error }) => error !== null && error !== "ENOENT" && error !== "EINVAL");
  if (boot.builtinModules === null) return { obstacle: null, unknown: `it cannot be told whether ${module} is built into the kernel` };
  if (unread !== undefined && !fromCommandLine) return { obstacle: null, unknown: `${unread.path} cannot be read: ${unread.error ?? ""}` };
  return { obstacle: describeObstacle(module, fromCommandLine), unknown: null };
}

/** The module that brings a key and is neither loaded now nor part of the kernel. */
export function findMissingModule(path: string, { loadedModules, builtinModules }: Pick<BootData, "loadedModules" | "builtinModules">): string | null {
  const module = MODULES.find(([keys]) => keys.test(path))?.[1];
  return module === undefined || loadedModules?.includes(module) === true || builtinModules?.includes(module) === true ? null : module;
}

function describeObstacle(module: string, fromCommandLine: boolean): string {
  return fromCommandLine
    ? `the kernel's command line is applied before the module ${module} is loaded`
    : `no file of modules-load.d loads ${module} before the sysctl files are applied`;
}

/** systemd-modules-load and the init scripts of kmod run before sysctls are applied. `modules_load=` is systemd's (kernel-command-line(7)). */
function listLoadedAtBoot({ moduleFiles, commandLine }: BootData): Set<string> {
  const lines = moduleFiles.flatMap(({ text }) => (text ?? "").split("\n").map((line) => line.trim()));
  const ofFiles = lines.filter((line) => !/^(#|;|$)/.test(line)).map((line) => line.split(/\s/)[0] ?? "");
  const ofCommandLine = (commandLine ?? []).flatMap((word) => /^modules[_-]load=(.*)$/.exec(word)?.[1]?.split(",") ?? []);
  return new Set([...ofFiles, ...ofCommandLine].map((name) => name.replaceAll("-", "_")));
}
