/** Whether a sysctl has been made safer than the kernel's default, of the keys that policies want and whose default does not do. */
import type { Sysctl } from "../model/sysctl.ts";

interface Default {
  /** What a kernel starts with, by its version and the machine's memory. */
  readonly values: readonly number[];
  /** The side of them on which it is safer. */
  readonly safer: "more" | "less";
}

const ZERO: Default = { values: [0], safer: "more" };
const ONE: Default = { values: [1], safer: "less" };

/**
 * Documentation/networking/nf_conntrack-sysctl.rst, ip-sysctl.rst and admin-guide/sysctl of Linux 6.1, devinet.c for the templates of interfaces. Keys
 * whose default is a matter of the kernel's build (dmesg_restrict, sysrq) or good enough stand not here.
 */
const DEFAULTS: Readonly<Record<string, Default>> = {
  "net.netfilter.nf_conntrack_max": { values: [65536, 262144], safer: "more" },
  "net.netfilter.nf_conntrack_buckets": { values: [16384, 65536, 262144], safer: "more" },
  "net.netfilter.nf_conntrack_tcp_timeout_established": { values: [432000], safer: "less" },
  "net.netfilter.nf_conntrack_tcp_timeout_time_wait": { values: [120], safer: "less" },
  "net.ipv4.tcp_synack_retries": { values: [5], safer: "less" },
  "net.ipv4.conf.all.rp_filter": ZERO,
  "net.ipv4.conf.all.accept_redirects": ONE,
  "net.ipv4.conf.all.secure_redirects": ONE,
  "net.ipv4.conf.all.send_redirects": ONE,
  "net.ipv6.conf.all.accept_redirects": ONE,
  "net.ipv4.conf.all.log_martians": ZERO,
  "kernel.kptr_restrict": ZERO,
  "kernel.kexec_load_disabled": ZERO,
  "net.core.bpf_jit_harden": ZERO,
  "fs.protected_hardlinks": ZERO,
  "fs.protected_symlinks": ZERO,
  "fs.protected_fifos": ZERO,
  "fs.protected_regular": ZERO,
};

/** Whether this is told of a key. */
export function hasDefault(name: string): boolean {
  return Object.hasOwn(DEFAULTS, name);
}

/** A value that some kernel starts with was not made by anybody, as far as can be told. */
export function isImproved({ name, number }: Pick<Sysctl, "name" | "number">): boolean {
  const known = hasDefault(name) ? DEFAULTS[name] : undefined;
  if (known === undefined || number === null || known.values.includes(number)) return false;
  return known.safer === "more" ? number > Math.min(...known.values) : number < Math.max(...known.values);
}
