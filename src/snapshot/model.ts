/**
 * The snapshot: the raw answers of every source, redacted, and what each source said. One JSON document.
 *
 * The TypeBox values below are the JSON Schema that is published (`src/snapshot/snapshot.schema.json` is written from them) and the
 * TypeScript types at once, so the two cannot drift apart. Raw answers of the engine are open objects: what a newer engine adds is kept.
 */
import Type, { type Static, type TSchema } from "typebox";

import { ComposeData } from "./compose-side.ts";
import { BootData, ConntrackData, ProcessesData, SysctlData } from "./kernel-side.ts";
import { AddressesData, IptablesData } from "./network-side.ts";
import { closed, NumberOrNull, Raw, TextFile, TextOrNull } from "./shapes.ts";
import { SNAPSHOT_VERSION } from "./version.ts";

/**
 * What one source said. `ok`: read whole. `absent`: it does not exist here (no Docker, no IPv6 tables). `denied`: it exists and may not
 * be read. `failed`: anything else; `data` then holds what had been gathered. `detail` says why, in words for the report.
 */
function Answer<T extends TSchema>(data: T) {
  return Type.Object(
    {
      status: Type.Union([Type.Literal("ok"), Type.Literal("absent"), Type.Literal("denied"), Type.Literal("failed")]),
      detail: TextOrNull,
      data: Type.Union([data, Type.Null()]),
    },
    closed,
  );
}

/** What stat(2) says of a file, and its POSIX ACL in getfacl's notation where one is set. */
export const FileStatus = Type.Object(
  {
    path: Type.String(),
    type: Type.Union([Type.Literal("file"), Type.Literal("directory"), Type.Literal("socket"), Type.Literal("other"), Type.Null()]),
    /** Permission bits as a number, 0o660 is 432. */
    mode: NumberOrNull,
    uid: NumberOrNull,
    gid: NumberOrNull,
    acl: TextOrNull,
    /** ENOENT, EACCES …; null when stat worked. */
    error: TextOrNull,
  },
  closed,
);

/** The machine that was looked at, and who looked. */
export const HostData = Type.Object(
  {
    hostname: Type.String(),
    /** Maker and product as the firmware tells (/sys/class/dmi/id/sys_vendor, product_name): on a cloud its name. Null where there is no such firmware. */
    machine: TextOrNull,
    kernel: Type.String(),
    architecture: Type.String(),
    /** PRETTY_NAME of /etc/os-release. */
    os: TextOrNull,
    /** The effective uid of the collector. */
    uid: Type.Number(),
    /** Whether the collector sees host uids, that is, runs in the initial user namespace. */
    initialUserNamespace: Type.Boolean(),
    /** Active Linux security modules, /sys/kernel/security/lsm; null when that cannot be read. */
    lsm: Type.Union([Type.Array(Type.String()), Type.Null()]),
    cgroupVersion: Type.Union([Type.Literal(1), Type.Literal(2), Type.Null()]),
  },
  closed,
);

/** The engine: how it was reached, whether it is proved to run on this machine, and its own words. */
export const EngineData = Type.Object(
  {
    endpoint: Type.String(),
    /** True only with a proof: the process that owns the socket, or a process whose cgroup names one of its containers. */
    local: Type.Boolean(),
    /** The proof, or why there is none. */
    localReason: Type.String(),
    /** dockerd's process id, when it is known. */
    pid: NumberOrNull,
    info: Raw,
    version: Raw,
  },
  closed,
);

/** One container of `GET /containers/json?all=1`, with its inspect answer or the reason why there is none. Podman's is completed from its own API, in Docker's words. */
export const ContainerAnswer = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    inspect: Type.Union([Raw, Type.Null()]),
    error: TextOrNull,
    /** Only of one that crictl told of, whose `inspect` is what `crictl inspect` prints: what `crictl inspectp` prints of its pod, null where that was not given. */
    pod: Type.Optional(Type.Union([Raw, Type.Null()])),
  },
  closed,
);

/** dockerd's configuration, each part as it was found. */
export const DaemonData = Type.Object(
  {
    pid: NumberOrNull,
    /** dockerd's argument vector, program name included. */
    commandLine: Type.Union([Type.Array(Type.String()), Type.Null()]),
    /** Its start time, milliseconds since the epoch. */
    startedAt: NumberOrNull,
    configFile: Type.Object(
      {
        path: Type.String(),
        /** Named by --config-file rather than the default place. */
        explicit: Type.Boolean(),
        text: TextOrNull,
        error: TextOrNull,
        /** When the file was last written or put in its place (ctime), milliseconds since the epoch. */
        modifiedAt: NumberOrNull,
      },
      closed,
    ),
    rootless: Type.Boolean(),
    /** The systemd unit, its drop-ins in the order in which systemd reads them, then the environment files that they name. */
    units: Type.Array(TextFile),
    /** TCP sockets that dockerd listens on, from /proc/PID/net/tcp{,6} and its descriptors; null when that cannot be read. */
    listeners: Type.Union([Type.Array(Type.Object({ address: Type.String(), port: Type.Number() }, closed)), Type.Null()]),
  },
  closed,
);

/**
 * resolv.conf of the host (and what systemd-resolved uses upstream), and of each container that was ever started the host's file that
 * stands at its /etc/resolv.conf and /etc/hosts: a bind mount of the user's, else the one that the engine writes.
 */
const ResolversData = Type.Object(
  {
    host: Type.Array(TextFile),
    containers: Type.Array(Type.Object({ containerId: Type.String(), resolvConf: TextFile, hosts: TextFile }, closed)),
  },
  closed,
);

/** Files, groups and devices that the host section judges. */
const FilesData = Type.Object(
  {
    status: Type.Array(FileStatus),
    /** Why no ACL could be read (getfacl is not installed); null when `acl` can be trusted. */
    aclError: TextOrNull,
    passwd: TextFile,
    group: TextFile,
    subuid: TextFile,
    subgid: TextFile,
    auditRules: Type.Array(TextFile),
    /** What `auditctl -l` prints: the rules that run. ENOENT: it is not installed. */
    auditLoaded: Type.Optional(TextFile),
    /** What `auditctl -s` prints: `enabled 0` where auditing is switched off. */
    auditStatus: Type.Optional(TextFile),
    /** Device numbers of the mounts that hold / and the engine's data root, as mountinfo has them (proc(5)): whether the latter has a file system of its own. */
    rootDevice: NumberOrNull,
    dataRootDevice: NumberOrNull,
    /** Bind-mount sources of containers after symlinks: given path → real path, null where that could not be looked at. */
    realPaths: Type.Record(Type.String(), TextOrNull),
  },
  closed,
);

/** The sources by name. Each is collected by the file of that name in src/collect/. */
export const Sources = Type.Object(
  {
    host: Answer(HostData),
    engine: Answer(EngineData),
    containers: Answer(Type.Array(ContainerAnswer)),
    networks: Answer(Type.Array(Raw)),
    volumes: Answer(Type.Array(Raw)),
    images: Answer(Type.Array(Raw)),
    processes: Answer(ProcessesData),
    daemon: Answer(DaemonData),
    iptables: Answer(IptablesData),
    ipset: Answer(Type.String()),
    nftables: Answer(Raw),
    "saved-rules": Answer(Type.Array(TextFile)),
    addresses: Answer(AddressesData),
    sysctl: Answer(SysctlData),
    boot: Answer(BootData),
    conntrack: Answer(ConntrackData),
    resolvers: Answer(ResolversData),
    files: Answer(FilesData),
    /** Not in snapshots of old. */
    compose: Type.Optional(Answer(ComposeData)),
  },
  closed,
);

export const Snapshot = Type.Object(
  {
    schemaVersion: Type.Literal(SNAPSHOT_VERSION),
    tool: Type.Object({ name: Type.String(), version: Type.String() }, closed),
    /** When collection ended, ISO 8601 in UTC. */
    collectedAt: Type.String(),
    sources: Sources,
  },
  { ...closed, $id: "urn:harden:snapshot:1", title: "harden snapshot" },
);

export type Snapshot = Static<typeof Snapshot>;
export type Sources = Static<typeof Sources>;
export type SourceName = keyof Sources;
export type SourceStatus = "ok" | "absent" | "denied" | "failed";
export interface Answer<T> {
  status: SourceStatus;
  detail: string | null;
  data: T | null;
}
/** What the source of that name hands back. */
export type DataOf<N extends SourceName> = NonNullable<NonNullable<Sources[N]>["data"]>;

export type Raw = Static<typeof Raw>;
export type TextFile = Static<typeof TextFile>;
export type FileStatus = Static<typeof FileStatus>;
export type HostData = Static<typeof HostData>;
export type EngineData = Static<typeof EngineData>;
export type ContainerAnswer = Static<typeof ContainerAnswer>;
export type DaemonData = Static<typeof DaemonData>;
export type { BootData, ConntrackNamespace, NamespaceSysctls, ProcessData, SysctlData } from "./kernel-side.ts";
export type { ComposeProject, ComposeService } from "./compose-side.ts";
export type { AddressesData, IptablesData, SaveDump } from "./network-side.ts";
