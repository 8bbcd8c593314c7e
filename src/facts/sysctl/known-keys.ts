/** Which keys kernels have, as far as a file alone can be held against that: spellings known to be wrong, and the keys of a recent kernel. */
import { toSysctlKey } from "../../snapshot/sysctl-key.ts";
import type { Sysctl } from "../model/sysctl.ts";
import type { Part } from "../part.ts";
import known from "./known-keys.json" with { type: "json" };

/** Keys that no kernel has, or that kernels of today have no more, with the one that was meant; null where nothing took its place. */
const MISTAKEN: Readonly<Record<string, string | null>> = {
  "net.nf_conntrack_buckets": "net.netfilter.nf_conntrack_buckets",
  "net.nf_conntrack_count": "net.netfilter.nf_conntrack_count",
  "net.nf_conntrack_tcp_timeout_established": "net.netfilter.nf_conntrack_tcp_timeout_established",
  "net.nf_conntrack_tcp_timeout_time_wait": "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
  "net.netfilter.nf_conntrack_tcp_timeout_timewait": "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
  "net.netfilter.nf_conntrack_established_timeout": "net.netfilter.nf_conntrack_tcp_timeout_established",
  "net.ipv4.nf_conntrack_max": "net.netfilter.nf_conntrack_max",
  "net.ipv4.ip_conntrack_max": "net.netfilter.nf_conntrack_max",
  "net.ipv4.netfilter.ip_conntrack_max": "net.netfilter.nf_conntrack_max",
  "net.ipv4.netfilter.ip_conntrack_buckets": "net.netfilter.nf_conntrack_buckets",
  "net.ipv4.netfilter.ip_conntrack_tcp_timeout_established": "net.netfilter.nf_conntrack_tcp_timeout_established",
  "net.ipv4.netfilter.ip_conntrack_tcp_timeout_time_wait": "net.netfilter.nf_conntrack_tcp_timeout_time_wait",
  "net.ipv4.tcp_syn_cookies": "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_syncookie": "net.ipv4.tcp_syncookies",
  "net.ipv4.syncookies": "net.ipv4.tcp_syncookies",
  "net.ipv6.tcp_syncookies": "net.ipv4.tcp_syncookies",
  "net.ipv4.max_syn_backlog": "net.ipv4.tcp_max_syn_backlog",
  "net.core.tcp_max_syn_backlog": "net.ipv4.tcp_max_syn_backlog",
  "net.ipv4.synack_retries": "net.ipv4.tcp_synack_retries",
  "net.ipv4.tcp_synack_retry": "net.ipv4.tcp_synack_retries",
  "net.ipv4.icmp_echo_ignore_broadcast": "net.ipv4.icmp_echo_ignore_broadcasts",
  "net.ipv4.icmp_ignore_bogus_error_messages": "net.ipv4.icmp_ignore_bogus_error_responses",
  "net.ipv4.icmp_ignore_bogus_errors": "net.ipv4.icmp_ignore_bogus_error_responses",
  "net.ipv4.rp_filter": "net.ipv4.conf.all.rp_filter",
  "net.ipv4.accept_redirects": "net.ipv4.conf.all.accept_redirects",
  "net.ipv4.send_redirects": "net.ipv4.conf.all.send_redirects",
  "net.ipv4.secure_redirects": "net.ipv4.conf.all.secure_redirects",
  "net.ipv4.accept_source_route": "net.ipv4.conf.all.accept_source_route",
  "net.ipv4.log_martians": "net.ipv4.conf.all.log_martians",
  "net.ipv4.route_localnet": "net.ipv4.conf.all.route_localnet",
  "net.ipv6.accept_redirects": "net.ipv6.conf.all.accept_redirects",
  "net.ipv6.accept_ra": "net.ipv6.conf.all.accept_ra",
  "net.ipv6.conf.all.rp_filter": "net.ipv4.conf.all.rp_filter",
  "net.ipv6.conf.all.send_redirects": "net.ipv4.conf.all.send_redirects",
  "net.ipv6.ip_forward": "net.ipv6.conf.all.forwarding",
  "net.bridge-nf-call-iptables": "net.bridge.bridge-nf-call-iptables",
  "net.bridge-nf-call-ip6tables": "net.bridge.bridge-nf-call-ip6tables",
  "net.bridge.nf-call-iptables": "net.bridge.bridge-nf-call-iptables",
  "net.bridge.bridge_nf_call_iptables": "net.bridge.bridge-nf-call-iptables",
  "kernel.suid_dumpable": "fs.suid_dumpable",
  "kernel.protected_hardlinks": "fs.protected_hardlinks",
  "kernel.protected_symlinks": "fs.protected_symlinks",
  "kernel.randomize_va": "kernel.randomize_va_space",
  "kernel.va_randomize_space": "kernel.randomize_va_space",
  "kernel.kptr": "kernel.kptr_restrict",
  "kernel.dmesg": "kernel.dmesg_restrict",
  "kernel.ptrace_scope": "kernel.yama.ptrace_scope",
  "kernel.kexec_disabled": "kernel.kexec_load_disabled",
  "kernel.bpf_jit_harden": "net.core.bpf_jit_harden",
  "net.core.unprivileged_bpf_disabled": "kernel.unprivileged_bpf_disabled",
  "kernel.unprivileged_bpf": "kernel.unprivileged_bpf_disabled",
  "kernel.perf_event_paranoia": "kernel.perf_event_paranoid",
  "kernel.max_user_namespaces": "user.max_user_namespaces",
  // Red Hat's kernels of old had it; what it did is always on since.
  "kernel.exec-shield": null,
  // Gone since Linux 4.12: it broke clients behind NAT.
  "net.ipv4.tcp_tw_recycle": null,
};

const KNOWN = new Set(known);

/** `path` below /proc/sys. A key that stands in neither list may be one of another kernel's. */
export function lookUpKey(path: string): Part<Pick<Sysctl, "exists" | "suggestion">> {
  const key = toSysctlKey(path);
  if (Object.hasOwn(MISTAKEN, key)) return { value: { exists: false, suggestion: MISTAKEN[key] ?? null } };
  const pattern = path.replace(/^(net\/ipv[46]\/(?:conf|neigh))\/[^/]+\//, "$1/*/").replace(/^(net\/mpls\/conf)\/[^/]+\//, "$1/*/");
  if (KNOWN.has(pattern)) return { value: { exists: true, suggestion: null } };
  return { value: { exists: false, suggestion: null }, unknown: { "/exists": "it is none of the keys that harden knows, and may be one of another kernel's or of a module's" } };
}
