/** Linux capabilities: names, the engine's default set, and how `cap_add` and `cap_drop` combine. */

/** In the order of their numbers (include/uapi/linux/capability.h, 0 to 40). */
const CAPABILITIES = [
  "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE",
  "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT",
  "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE",
  "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
  "PERFMON", "BPF", "CHECKPOINT_RESTORE",
] as const;

/** What the engine grants when nothing is said (moby, oci/caps/defaults.go). */
export const DEFAULT_CAPABILITIES: readonly string[] = [
  "CHOWN", "DAC_OVERRIDE", "FSETID", "FOWNER", "MKNOD", "NET_RAW", "SETGID", "SETUID", "SETFCAP", "SETPCAP", "NET_BIND_SERVICE",
  "SYS_CHROOT", "KILL", "AUDIT_WRITE",
];

/** Upper case, without the CAP_ prefix, as the engine itself normalises it. */
export function normalizeCapability(name: string): string {
  return name.trim().toUpperCase().replace(/^CAP_/, "");
}

/**
 * The set that a container is granted, ordered by number. `add` and `drop` are normalised. As the engine does it (moby,
 * oci/caps/utils.go, TweakCapabilities): ALL in `add` wins over ALL in `drop`, and single drops are taken from it.
 */
export function grantCapabilities(privileged: boolean, add: readonly string[], drop: readonly string[]): string[] {
  if (privileged) return [...CAPABILITIES];
  if (add.includes("ALL")) return CAPABILITIES.filter((name) => !drop.includes(name));
  const kept = drop.includes("ALL") ? [] : DEFAULT_CAPABILITIES.filter((name) => !drop.includes(name));
  return orderCapabilities([...kept, ...add]);
}

/** Names of the bits of a hexadecimal set as /proc/PID/status prints it. Bits without a name here are `CAP_41` and so on. */
export function decodeCapabilities(hexadecimal: string): string[] {
  const bits = BigInt(`0x${hexadecimal}`);
  const names: string[] = [];
  for (let number = 0; number < 64; number++) {
    if ((bits >> BigInt(number)) & 1n) names.push(CAPABILITIES[number] ?? `CAP_${number}`);
  }
  return names;
}

/** Each once, known ones by number, then others by name. */
export function orderCapabilities(names: readonly string[]): string[] {
  const rank = (name: string): number => {
    const number = (CAPABILITIES as readonly string[]).indexOf(name);
    return number < 0 ? CAPABILITIES.length : number;
  };
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
