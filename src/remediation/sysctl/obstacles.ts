/** What keeps a sysctl from being set on this host, as far as the snapshot tells. */
import type { Sysctl } from "../../facts/model/sysctl.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { moduleOf } from "./modules.ts";

/** Why the key cannot be set here; null if nothing is known against it. */
export function findObstacle(key: string, sysctl: Sysctl | undefined, snapshot: Snapshot): string | null {
  if (!WRITABLE_KEY.test(key)) return "its name cannot stand in a file of sysctl.d";
  if (FIRST_NAMESPACE_ONLY.has(key) && !isFirstNetworkNamespace(snapshot)) return "it is read-only outside the first network namespace, and this engine runs in another";
  if (!key.startsWith("net.") && snapshot.sources.host.data?.initialUserNamespace === false) return "it is read-only outside the first user namespace";
  if (sysctl?.exists === false && moduleOf(key) === null) return "this kernel does not have it";
  return null;
}

/** Whether the old value can be written back while the kernel runs (Documentation/admin-guide/sysctl/kernel.rst, LSM/Yama.rst). */
export function isRevertible(key: string, after: string): boolean {
  return !ONE_WAY.some(([name, value]) => name === key && value === after);
}

/** Components of letters, digits and what interface names commonly have; no `=`, no glob, no comment sign, nothing that climbs. */
const WRITABLE_KEY = /^(?!.*\.\.)[a-z][\w-]*(\.[\w@:/-]+)+$/;

/** Mode 0444 in every other namespace (net/netfilter/nf_conntrack_standalone.c). */
const FIRST_NAMESPACE_ONLY = new Set(["net.netfilter.nf_conntrack_max", "net.netfilter.nf_conntrack_buckets", "net.netfilter.nf_conntrack_expect_max", "net.nf_conntrack_max"]);

const ONE_WAY = [
  ["kernel.kexec_load_disabled", "1"],
  ["kernel.unprivileged_bpf_disabled", "1"],
  ["kernel.yama.ptrace_scope", "3"],
] as const;

/** The kernel registers net.core.netdev_max_backlog in the first namespace only (net/core/sysctl_net_core.c). Not read at all: taken for the first. */
function isFirstNetworkNamespace(snapshot: Snapshot): boolean {
  const values = snapshot.sources.sysctl.data?.host ?? {};
  return Object.hasOwn(values, "net.core.netdev_max_backlog") || !Object.hasOwn(values, "net.core.somaxconn");
}
