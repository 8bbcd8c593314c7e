/** The engine's daemon with the configuration that is in force: flags, file, unit and what it says of itself, merged. */
import Type, { type Static } from "typebox";
import type { Resource } from "../resource.ts";

const closed = { additionalProperties: false } as const;
const TextOrNull = Type.Union([Type.String(), Type.Null()]);

export const Daemon = Type.Object(
  {
    kind: Type.Literal("daemon"),
    id: Type.Literal("daemon"),
    name: Type.String(),
    origins: Type.Record(Type.String(), Type.Unknown()),
    unknown: Type.Record(Type.String(), Type.String()),

    /** As the engine prints it; null for a daemon.json alone. */
    version: TextOrNull,
    /** Of the runc that it starts containers with, as it tells. */
    runcVersion: TextOrNull,
    /** Docker's own build. A distribution's may carry fixes under an old number. */
    upstreamBuild: Type.Boolean(),
    rootless: Type.Boolean(),
    /** The userns-remap setting in force; null if there is none. */
    usernsRemap: TextOrNull,
    /** User namespaces are used: remapped or rootless. */
    remapped: Type.Boolean(),
    noNewPrivileges: Type.Boolean(),
    icc: Type.Boolean(),
    /** There is a bridge for containers that name no network; not with `bridge: none`. */
    defaultBridge: Type.Boolean(),
    iptables: Type.Boolean(),
    ip6tables: Type.Boolean(),
    userlandProxy: Type.Boolean(),
    liveRestore: Type.Boolean(),
    experimental: Type.Boolean(),
    debug: Type.Boolean(),
    logLevel: Type.String(),
    logDriver: Type.String(),
    logMaxSize: TextOrNull,
    /** Default address of published ports. */
    defaultBind: Type.String(),
    storageDriver: TextOrNull,
    cgroupParent: TextOrNull,
    seccompProfile: TextOrNull,
    /** The cgroup namespace of a container that names none, where cgroup v2 leaves the choice: private or host. */
    cgroupNamespace: Type.String(),
    /** By driver: options of networks that are made without them. */
    networkOptions: Type.Record(Type.String(), Type.Record(Type.String(), Type.String())),
    dataRoot: Type.String(),
    /** iptables or nftables; null before 29. */
    firewallBackend: TextOrNull,
    authorizationPlugins: Type.Array(Type.String()),
    defaultUlimits: Type.Array(Type.String()),
    /** Where the API is served: -H, hosts, and systemd's fd://. */
    hosts: Type.Array(Type.Object({ key: Type.String(), url: Type.String(), tcp: Type.Boolean(), loopback: Type.Boolean() }, closed)),
    tlsVerify: Type.Boolean(),
    insecureRegistries: Type.Array(Type.Object({ key: Type.String(), registry: Type.String(), loopback: Type.Boolean() }, closed)),
    /** plain: without TLS. */
    registryMirrors: Type.Array(Type.Object({ key: Type.String(), url: Type.String(), plain: Type.Boolean(), loopback: Type.Boolean() }, closed)),
    /** TCP sockets that the process really listens on; api: neither its metrics nor the swarm's own ports. */
    listeners: Type.Array(
      Type.Object({ key: Type.String(), address: Type.String(), port: Type.Number(), loopback: Type.Boolean(), api: Type.Boolean() }, closed),
    ),
    /** Takes part in a swarm. */
    swarm: Type.Boolean(),
    /** A container publishes ports; files alone count as if one did. */
    publishesPorts: Type.Boolean(),
    hasIpv6Network: Type.Boolean(),
    /** What lets other hosts reach ports that no container publishes: the setting's key, or that of a network. */
    directRouting: Type.Array(Type.Object({ key: Type.String(), setting: Type.String() }, closed)),
    warnings: Type.Array(Type.Object({ key: Type.String(), text: Type.String() }, closed)),
    /** Keys of the file that dockerd refuses or ignores; a member is KEY.MEMBER. */
    invalid: Type.Array(Type.Object({ key: Type.String(), fault: Type.String() }, closed)),
    /** Keys whose value in the file is not the one that runs: a restart is pending. */
    drift: Type.Array(Type.Object({ key: Type.String(), file: Type.String(), running: Type.String() }, closed)),
  },
  closed,
);

type Shape = Static<typeof Daemon>;
export type Daemon = Omit<Shape, "origins" | "unknown"> & Resource;
