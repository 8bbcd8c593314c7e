/** What the next boot will set: sysctl files, modules to load, the kernel's command line. */
import { existsSync, realpathSync } from "node:fs";
import { release } from "node:os";
import type { Answer, DataOf, TextFile } from "../snapshot/model.ts";
import { marker } from "../snapshot/redact/marker.ts";
import { isSecretSysctl, toSysctlPath } from "../snapshot/sysctl-key.ts";
import { ok } from "./answer.ts";
import { readConfigFolders } from "./config-folders.ts";
import { readTextFile } from "./text-file.ts";

const SYSTEMD_SYSCTL = ["/usr/lib/systemd/systemd-sysctl", "/lib/systemd/systemd-sysctl"];

/**
 * `root` is put before every path (tests have a tree of their own).
 *
 * Who reads /etc/sysctl.conf: procps' `sysctl --system` does, after everything else (sysctl(8)); systemd-sysctl never does, except by the
 * link /etc/sysctl.d/99-sysctl.conf, which Debian ships up to 12 and no longer in 13 (its release notes, 5.1). The same holds for
 * /etc/modules and its link modules-load.d/modules.conf. Not seen: the credential sysctl.extra, and udev rules that set sysctls.
 */
export function collectBoot(root = ""): Promise<Answer<DataOf<"boot">>> {
  const loader = findLoader(root);
  const sysctlFiles = readConfigFolders("sysctl.d", loader, root);
  const sysctlConf = readConfigFile("/etc/sysctl.conf", root);
  const moduleFiles = readConfigFolders("modules-load.d", loader, root);
  if (loader === "procps") {
    sysctlFiles.push(...sysctlConf);
    moduleFiles.push(...readConfigFile("/etc/modules", root));
  }
  const data = {
    loader,
    services: loader === "systemd" ? loader : existsSync(`${root}/sbin/openrc-run`) ? ("openrc" as const) : null,
    commandLine: readCommandLine(root),
    sysctlFiles: sysctlFiles.map(hideSecrets),
    moduleFiles,
    loadedModules: readModules(`${root}/proc/modules`, (line) => line.split(" ")[0]),
    builtinModules: readModules(`${root}/lib/modules/${release()}/modules.builtin`, (line) => /([^/]+)\.ko$/.exec(line)?.[1]),
  };
  return Promise.resolve(ok(data, describeIgnored(loader, sysctlConf, sysctlFiles, root)));
}

/** systemd where it runs this machine or would (sd_booted(3)), else procps from the init scripts. */
function findLoader(root: string): "systemd" | "procps" {
  return ["/run/systemd/system", ...SYSTEMD_SYSCTL].some((path) => existsSync(root + path)) ? "systemd" : "procps";
}

function readConfigFile(path: string, root: string): TextFile[] {
  const file = { ...readTextFile(root + path), path };
  return file.error === "ENOENT" ? [] : [file];
}

/** Parameters may be quoted; what follows `--` is for init. Only sysctl.* and modules_load are kept, the rest is nobody's business. */
function readCommandLine(root: string): string[] | null {
  const { text } = readTextFile(`${root}/proc/cmdline`);
  if (text === null) return null;
  const words: string[] = text.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  const end = words.indexOf("--");
  const kept = (end < 0 ? words : words.slice(0, end)).map((word) => word.replaceAll('"', ""));
  return kept.filter((word) => /^(sysctl[./]|modules[_-]load=)/.test(word)).map((word) => hideSecret(word));
}

function hideSecrets(file: TextFile): TextFile {
  return file.text === null ? file : { ...file, text: file.text.split("\n").map(hideSecret).join("\n") };
}

function hideSecret(line: string): string {
  const [, before = "", name = ""] = /^(\s*-?(?:sysctl[./])?([^=]*)=)/.exec(line) ?? [];
  return isSecretSysctl(toSysctlPath(name.trim())) ? before + marker("sysctl") : line;
}

/** The kernel writes `_` where a file name may have `-`. */
function readModules(path: string, nameOf: (line: string) => string | undefined): string[] | null {
  const { text } = readTextFile(path);
  return text === null ? null : text.split("\n").map(nameOf).flatMap((name) => (name === undefined || name === "" ? [] : [name.replaceAll("-", "_")])).sort();
}

function describeIgnored(loader: "systemd" | "procps", [sysctlConf]: TextFile[], files: readonly TextFile[], root: string): string | null {
  if (loader === "procps" || sysctlConf === undefined || !/^\s*[^#;\s]/m.test(sysctlConf.text ?? "")) return null;
  const real = realpathSync(root + sysctlConf.path);
  if (files.some(({ path }) => realpathSync(root + path) === real)) return null;
  return "/etc/sysctl.conf sets values that systemd-sysctl does not read, since no file of sysctl.d links to it";
}
