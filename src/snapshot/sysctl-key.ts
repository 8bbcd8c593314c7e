/**
 * Names of sysctls. A key is dotted (`net.ipv4.conf.eth0/1.rp_filter`), its path lies below /proc/sys
 * (`net/ipv4/conf/eth0.1/rp_filter`); interface names may contain dots.
 */

/**
 * The path that a name in either notation means (sysctl.d(5)): if the first separator is a dot, dots and slashes are interchanged,
 * else everything stays. Leading and doubled slashes fall away.
 */
export function toSysctlPath(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  const path = first === "." ? swapSeparators(name) : name;
  return EMPTY_PART.test(path) ? path.split("/").filter((part) => part !== "" && part !== ".").join("/") : path;
}

/** Few names have one, and thousands are read. */
const EMPTY_PART = /(^|\/)\.?(\/|$)/;

/** The key of a path below /proc/sys. */
export function toSysctlKey(path: string): string {
  return swapSeparators(path);
}

/** The path of a key, and of nothing but a key: the inverse of `toSysctlKey`. */
export function pathOfSysctlKey(key: string): string {
  return swapSeparators(key);
}

/** The folders of /proc/sys that are read; others hold binary formats and debugging. */
export const SYSCTL_FOLDERS: readonly string[] = ["kernel", "fs", "net", "vm", "user", "dev"];

/** Keys whose values are secrets: the kernel gives them mode 0600 (ip-sysctl: stable_secret, tcp_fastopen_key). */
export function isSecretSysctl(path: string): boolean {
  return /(^|\/)(stable_secret|tcp_fastopen_key)$/.test(path);
}

/** The folder of a single interface, not of the templates `all` and `default`. A host with many containers has hundreds. */
export function isInterfaceFolder(path: string): boolean {
  return /^net\/[^/]+\/(conf|neigh)\/(?!(all|default)$)[^/]+$/.test(path);
}

function swapSeparators(name: string): string {
  return name.includes("/") ? name.replace(/[./]/g, (separator) => (separator === "." ? "/" : ".")) : name.replaceAll(".", "/");
}
