/** What remediation may change of a machine, as text to compare. */
import type { Sandbox } from "./sandbox.ts";

export interface Machine {
  /** Rule sets of both iptables back ends and nft's own, without counters and times. */
  readonly rules: string;
  readonly sysctls: string;
  /** Names, modes and digests of the files under the folders that configuration goes to, and of the further ones. */
  readonly files: string;
}

const FOLDERS = ["/etc/sysctl.d", "/etc/modules-load.d", "/etc/docker"];
const LIST = 'find "$@" | sort | while read -r file; do stat -c "%n %F %a %u:%g" "$file"; if [ -f "$file" ]; then sha256sum <"$file"; fi; done';
const SAVES = ["iptables-nft-save", "ip6tables-nft-save", "iptables-legacy-save", "ip6tables-legacy-save"];

export async function readMachine(sandbox: Sandbox, files: readonly string[]): Promise<Machine> {
  const saves = await Promise.all(SAVES.map((program) => sandbox.run(program)));
  const own = await sandbox.run("nft", "-s", "-t", "list", "ruleset");
  const rules = [...saves, own].join("\n").replace(/^#.*\n/gm, "").replace(/\[\d+:\d+\]/g, "[0:0]");
  return {
    rules,
    // Without what changes by itself.
    sysctls: await sandbox.run("sh", "-c", "sysctl -a 2>/dev/null | grep '^net' | grep -v -e _count -e stat -e random -e hash_rnd -e stable_secret"),
    files: await sandbox.run("sh", "-c", LIST, "sh", ...FOLDERS, ...files),
  };
}
