/**
 * The one `Container` that policies judge, whatever it came from: `docker inspect` with the kernel's view, or a compose service.
 * Values are effective ones: defaults of image and daemon are applied, so that a condition never has to join anything.
 */
import Type, { type Static } from "typebox";
import type { Resource } from "../resource.ts";

const closed = { additionalProperties: false } as const;
const TextOrNull = Type.Union([Type.String(), Type.Null()]);
const NumberOrNull = Type.Union([Type.Number(), Type.Null()]);
const Strings = Type.Array(Type.String());

/** Elements of lists carry `key`: what names the element in a report and in its fingerprint. It never holds a secret. */
const key = { key: Type.String() };

export const Mount = Type.Object(
  {
    ...key,
    type: Type.String({ description: "bind, volume, tmpfs, image, npipe or cluster" }),
    source: TextOrNull,
    /** Absolute host paths that this mount shows the container, normalised, symlinks resolved beside the name as given. Empty for a plain volume. */
    paths: Strings,
    target: Type.String(),
    readOnly: Type.Boolean(),
    /** Mount propagation, rprivate by default. */
    propagation: Type.String(),
    /** bind, driver_opts (a volume that is a bind), use_api_socket, secret, config, volumes_from, volume, tmpfs. */
    via: Type.String(),
  },
  closed,
);

export const PublishedPort = Type.Object(
  {
    ...key,
    protocol: Type.String(),
    containerPort: Type.Number(),
    /** As bound; "" never occurs: the default bind address is filled in. */
    hostIp: Type.String(),
    /** Null while the engine has not chosen one. */
    hostPort: NumberOrNull,
    /** any: every interface; address: one address; loopback. */
    scope: Type.Union([Type.Literal("any"), Type.Literal("address"), Type.Literal("loopback")]),
  },
  closed,
);

export const EnvironmentEntry = Type.Object(
  {
    ...key,
    name: Type.String(),
    value: Type.String(),
    /** environment, command, label, or hook (compose: a command inside the container): where it stands. */
    at: Type.String(),
    /** The redactor's rule that matched, null if the value is no credential. */
    credential: TextOrNull,
  },
  closed,
);

export const AttachedNetwork = Type.Object(
  {
    ...key,
    name: Type.String(),
    driver: TextOrNull,
    /** The engine's default bridge, whatever its interface is called. */
    defaultBridge: Type.Boolean(),
    internal: Type.Boolean(),
    address4: TextOrNull,
    address6: TextOrNull,
  },
  closed,
);

export const Container = Type.Object(
  {
    kind: Type.Literal("container"),
    id: Type.String(),
    name: Type.String(),
    origins: Type.Record(Type.String(), Type.Unknown()),
    unknown: Type.Record(Type.String(), Type.String()),

    /** running, exited, created, paused, restarting, dead; declared for a compose service. */
    state: Type.String(),
    running: Type.Boolean(),
    /** service, or for compose: job, pre_start (an own container), hook (a command in the service's), provider, remote (what is not fetched); for podman: infra, which holds the namespaces and ports of a pod. */
    role: Type.String(),
    project: TextOrNull,
    service: TextOrNull,
    /** Compose: the profiles of its service, of which one has to be chosen for it to run; without any it always runs. */
    profiles: Strings,
    /** Compose: a profile that is chosen, or none, makes it run; what is on an engine is always active. */
    active: Type.Boolean(),
    labels: Type.Record(Type.String(), Type.String()),
    /** Unix sockets on which this container's own engine serves its API. */
    engineSockets: Strings,
    /** Where this container's own engine keeps its data. */
    engineFolders: Strings,
    /** Compose: the project's own folder, which lies elsewhere where it runs than where it is checked. */
    projectFolders: Strings,
    image: Type.Object(
      {
        reference: TextOrNull,
        /** Explicit tag; null if none is given. */
        tag: TextOrNull,
        digest: TextOrNull,
        /** Compose: built from its sources, so that the name is what the result is given. */
        built: Type.Boolean(),
      },
      closed,
    ),

    /** Compose: the program of the host that stands in for a container. */
    provider: TextOrNull,
    /** Compose: what a build of the image may do. */
    build: Type.Object({ privileged: Type.Boolean(), network: TextOrNull, entitlements: Strings }, closed),

    privileged: Type.Boolean(),
    user: Type.Object(
      {
        /** As configured, the image's user considered; "" means root. */
        spec: Type.String(),
        /** uid 0 inside the container. */
        root: Type.Boolean(),
        /** uid 0 of the host: root inside, and neither remapped nor rootless. */
        hostRoot: Type.Boolean(),
      },
      closed,
    ),
    noNewPrivileges: Type.Boolean(),
    capabilities: Type.Object(
      {
        /** As given, normalised: upper case, no CAP_ prefix. */
        add: Strings,
        drop: Strings,
        dropsAll: Type.Boolean(),
        /** The engine's default set with add and drop applied, all for a privileged one, and what the kernel shows in the bounding set. */
        effective: Strings,
      },
      closed,
    ),
    seccomp: Type.Object({ available: Type.Boolean(), unconfined: Type.Boolean() }, closed),
    apparmor: Type.Object({ available: Type.Boolean(), unconfined: Type.Boolean() }, closed),
    selinux: Type.Object({ available: Type.Boolean(), disabled: Type.Boolean() }, closed),
    systemPathsUnconfined: Type.Boolean(),
    readOnlyRoot: Type.Boolean(),

    /** Shared with the host, directly or through another container. */
    hostNetwork: Type.Boolean(),
    hostPid: Type.Boolean(),
    hostIpc: Type.Boolean(),
    hostUts: Type.Boolean(),
    /** The daemon remaps and this container opts out (`userns_mode: host`). */
    hostUserns: Type.Boolean(),
    cgroupNamespace: Type.Object({ available: Type.Boolean(), host: Type.Boolean() }, closed),
    joinedNamespaces: Type.Array(
      Type.Object({ ...key, namespace: Type.String(), container: Type.String() }, closed),
    ),

    networks: Type.Array(AttachedNetwork),
    onDefaultBridge: Type.Boolean(),
    ports: Type.Array(PublishedPort),
    dns: Type.Array(Type.Object({ ...key, address: Type.String(), scope: Type.String({ description: "as that of a resolver of the host" }) }, closed)),
    extraHosts: Type.Array(Type.Object({ ...key, host: Type.String(), address: Type.String(), scope: Type.String() }, closed)),

    /** What rules and routes of a live host let packets do. Ranges of TCP ports: `1-21`, `443`. */
    exposure: Type.Object(
      {
        /** Of this host, at its own address on the container's bridge. */
        hostPorts: Strings,
        /** Of the container, that nobody published and that other machines get to by sending straight to its address. */
        directPorts: Strings,
        /** One packet that gets to one of them, in words; "" for none. */
        directWitness: Type.String(),
        /** 169.254.169.254, where clouds hand out credentials, answers HTTP as far as the rules go. */
        metadata: Type.Boolean(),
        /** Maker and product of the machine, as its firmware tells; null where it does not. */
        machine: TextOrNull,
      },
      closed,
    ),

    /** Of one that runs: where the outside meets it, by published ports and, in the host's network namespace, by the sockets that it really holds. */
    listeners: Type.Array(
      Type.Object(
        {
          ...key,
          /** `8080/tcp`. */
          port: Type.String(),
          address: Type.String(),
          loopback: Type.Boolean(),
          /** published or host network. */
          via: Type.String(),
        },
        closed,
      ),
    ),
    /** Of one that runs: what the kernel shows it beyond what the engine says. */
    kernelDrift: Type.Array(Type.Object({ ...key, engine: Type.String(), kernel: Type.String() }, closed)),

    /** One that Compose made for a service: its labels say so, and by which files. */
    madeByCompose: Type.Boolean(),
    /** Of such a one: in what it is not what its compose files would make it now. */
    composeDrift: Type.Array(Type.Object({ ...key, file: Type.String(), running: Type.String() }, closed)),

    mounts: Type.Array(Mount),
    devices: Type.Array(
      Type.Object(
        { ...key, path: TextOrNull, type: Type.String({ description: "path, request, or all for the devices of a privileged container" }), permissions: Type.String() },
        closed,
      ),
    ),
    deviceCgroupRules: Type.Array(Type.Object({ ...key, rule: Type.String() }, closed)),
    sysctls: Type.Array(Type.Object({ ...key, name: Type.String(), value: Type.String() }, closed)),
    environment: Type.Array(EnvironmentEntry),
    /** By its environment a docker client in it encrypts what it sends to DOCKER_HOST. */
    dockerClientTls: Type.Boolean(),

    limits: Type.Object(
      {
        /** Bytes; null: none. */
        memory: NumberOrNull,
        /** CPUs, from quota or NanoCpus; null: none. */
        cpus: NumberOrNull,
        cpuset: TextOrNull,
        /** null: none. */
        pids: NumberOrNull,
        /** A parent slice other than the engine's own; its limits count. */
        cgroupParent: TextOrNull,
        /** Names of those that are bounded, the daemon's defaults among them. */
        ulimits: Strings,
      },
      closed,
    ),
    restart: Type.Object({ policy: Type.String(), maximumRetries: NumberOrNull }, closed),
    logging: Type.Object({ driver: Type.String(), maxSize: TextOrNull }, closed),
    healthcheck: Type.Object({ configured: Type.Boolean(), status: TextOrNull }, closed),
  },
  closed,
);

type Shape = Static<typeof Container>;
export type Container = Omit<Shape, "origins" | "unknown"> & Resource;
export type Mount = Static<typeof Mount>;
export type PublishedPort = Static<typeof PublishedPort>;
export type EnvironmentEntry = Static<typeof EnvironmentEntry>;
export type AttachedNetwork = Static<typeof AttachedNetwork>;
