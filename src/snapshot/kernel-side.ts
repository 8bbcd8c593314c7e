/** The part of the snapshot's model that the kernel tells: processes of containers, sysctls as they run and as the boot sets them, connection tracking. */
import Type, { type Static } from "typebox";
import { closed, NumberOrNull, TextFile, TextOrNull } from "./shapes.ts";

/** Inode identities of a process's namespaces as /proc/PID/ns/* prints them, `net:[4026531840]`; null where unreadable. */
const Namespaces = Type.Record(Type.String(), TextOrNull);

/** The kernel's view of one running container's first process, from /proc/PID. Capability sets are hexadecimal as in status. */
export const ProcessData = Type.Object(
  {
    containerId: Type.String(),
    pid: Type.Number(),
    /** Real, effective, saved and file-system uid as the collector sees them. */
    uids: Type.Union([Type.Array(Type.Number()), Type.Null()]),
    noNewPrivs: NumberOrNull,
    /** 0 none, 1 strict, 2 filter. */
    seccomp: NumberOrNull,
    capEffective: TextOrNull,
    capPermitted: TextOrNull,
    capBounding: TextOrNull,
    /** /proc/PID/attr/current: the LSM label. */
    label: TextOrNull,
    uidMap: TextOrNull,
    /** `MOUNTPOINT TYPE OPTIONS` of mounts at or below /proc and /sys, from mountinfo: how the paths that an engine masks are covered. */
    maskedPaths: Type.Union([Type.Array(Type.String()), Type.Null()]),
    namespaces: Namespaces,
    /** Of one in the host's network namespace: the TCP sockets that its processes listen on; null when they cannot be read. */
    listeners: Type.Optional(Type.Union([Type.Array(Type.Object({ address: Type.String(), port: Type.Number() }, closed)), Type.Null()])),
    error: TextOrNull,
  },
  closed,
);

export const ProcessesData = Type.Object(
  {
    /** What "the host's namespace" means for these containers: the namespaces of the engine's own process. */
    host: Namespaces,
    containers: Type.Array(ProcessData),
  },
  closed,
);

/**
 * One network namespace's values by key, `net.ipv4.conf.eth0/1.rp_filter`. Null: the key exists and could not be read, or holds a
 * secret and was not. A key that is not there is absent.
 */
export const NamespaceSysctls = Type.Object(
  {
    /** Null where it could not even be told which one it is. */
    namespace: TextOrNull,
    containerIds: Type.Array(Type.String()),
    values: Type.Record(Type.String(), TextOrNull),
    error: TextOrNull,
  },
  closed,
);

export const SysctlData = Type.Object(
  {
    /**
     * Running values of this host; net.* of the engine's network namespace. Everything that can be read, but of single interfaces
     * (net.ipv4.conf.eth0.*) only what was asked.
     */
    host: Type.Record(Type.String(), TextOrNull),
    /** Why `host` has no net.*; null when it has. */
    netError: TextOrNull,
    /** The net.* values that were asked of each other network namespace, read once each. */
    namespaces: Type.Array(NamespaceSysctls),
    /** Keys that were asked, with globs as in sysctl.d(5). */
    asked: Type.Array(Type.String()),
    /** Those that were asked of each other network namespace; all of them in older snapshots. What was not asked is unknown there. */
    askedOfContainers: Type.Optional(Type.Array(Type.String())),
  },
  closed,
);

/** What will be set at boot: the files of sysctl.d(5), sysctl.conf(5) and modules-load.d(5) in the order of their effect. */
export const BootData = Type.Object(
  {
    /** The program that applies them: systemd-sysctl, or procps' `sysctl --system`, which also reads /etc/sysctl.conf, as the last one. */
    loader: Type.Union([Type.Literal("systemd"), Type.Literal("procps")]),
    /** What starts services: systemd, OpenRC, or null for another. Not in snapshots of old. */
    services: Type.Optional(Type.Union([Type.Literal("systemd"), Type.Literal("openrc"), Type.Null()])),
    /** The kernel's command line, of which only what sets sysctls or loads modules is kept; null where it cannot be read. */
    commandLine: Type.Union([Type.Array(Type.String()), Type.Null()]),
    sysctlFiles: Type.Array(TextFile),
    moduleFiles: Type.Array(TextFile),
    /** Names of loaded modules; null where /proc/modules cannot be read. */
    loadedModules: Type.Union([Type.Array(Type.String()), Type.Null()]),
    /** Names of modules built into the kernel, from modules.builtin; null where it cannot be read. */
    builtinModules: Type.Union([Type.Array(Type.String()), Type.Null()]),
  },
  closed,
);

/**
 * Connection tracking of one network namespace: /proc/PID/net/stat/nf_conntrack summed over the CPUs (`entries` is the count of the
 * namespace), sampled twice. Its limits are sysctls. Error ENOENT: the kernel does not track connections, or does not tell.
 */
export const ConntrackNamespace = Type.Object(
  {
    namespace: TextOrNull,
    containerIds: Type.Array(Type.String()),
    /** `at` in milliseconds of a monotonic clock. */
    samples: Type.Array(Type.Object({ at: Type.Number(), values: Type.Record(Type.String(), Type.Number()) }, closed)),
    error: TextOrNull,
  },
  closed,
);

export const ConntrackData = Type.Object(
  {
    /** The engine's own network namespace. */
    host: ConntrackNamespace,
    namespaces: Type.Array(ConntrackNamespace),
  },
  closed,
);

export type ProcessData = Static<typeof ProcessData>;
export type SysctlData = Static<typeof SysctlData>;
export type NamespaceSysctls = Static<typeof NamespaceSysctls>;
export type BootData = Static<typeof BootData>;
export type ConntrackNamespace = Static<typeof ConntrackNamespace>;
