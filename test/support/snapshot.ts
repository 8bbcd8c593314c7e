/** Snapshots for tests: everything was read and is empty, but for what the test says. */
import type { ContainerAnswer, DataOf, Snapshot, SourceName, Sources } from "../../src/snapshot/model.ts";

type Given = { readonly [N in SourceName]?: DataOf<N> | Sources[N] };

const EMPTY: { readonly [N in SourceName]: DataOf<N> } = {
  host: {
    hostname: "test-host", machine: null, kernel: "6.1.0", architecture: "x64", os: "Debian GNU/Linux 12 (bookworm)", uid: 0,
    initialUserNamespace: true, lsm: [], cgroupVersion: 2,
  },
  engine: {
    endpoint: "unix:///var/run/docker.sock", local: true, localReason: "dockerd owns the socket", pid: 100,
    info: { SecurityOptions: ["name=seccomp,profile=builtin", "name=cgroupns"], CgroupVersion: "2", ServerVersion: "28.5.2", DockerRootDir: "/var/lib/docker" },
    version: { Version: "28.5.2" },
  },
  containers: [],
  networks: [],
  volumes: [],
  images: [],
  processes: { host: { net: "net:[1]", pid: "pid:[1]", ipc: "ipc:[1]", uts: "uts:[1]", cgroup: "cgroup:[1]", user: "user:[1]" }, containers: [] },
  daemon: {
    pid: 100, commandLine: ["/usr/sbin/dockerd"], startedAt: 0, rootless: false, units: [], listeners: [],
    configFile: { path: "/etc/docker/daemon.json", explicit: false, text: null, error: "ENOENT", modifiedAt: null },
  },
  iptables: { dumps: [] },
  ipset: "",
  nftables: { nftables: [] },
  "saved-rules": [],
  addresses: { links: [], addresses: [], routes4: [], routes6: [], rules4: null, rules6: null },
  sysctl: { host: {}, netError: null, namespaces: [], asked: [] },
  boot: { loader: "systemd", commandLine: [], sysctlFiles: [], moduleFiles: [], loadedModules: [], builtinModules: [] },
  conntrack: { host: { namespace: "net:[1]", containerIds: [], samples: [], error: "ENOENT" }, namespaces: [] },
  resolvers: { host: [], containers: [] },
  files: {
    status: [], aclError: null, auditRules: [], auditLoaded: { path: "auditctl -l", text: "No rules\n", error: null }, rootDevice: 1, dataRootDevice: 1, realPaths: {},
    passwd: { path: "/etc/passwd", text: "", error: null }, group: { path: "/etc/group", text: "", error: null },
    subuid: { path: "/etc/subuid", text: "", error: null }, subgid: { path: "/etc/subgid", text: "", error: null },
  },
  compose: [],
};

/** A source is given by its data (then it is `ok`) or as a whole answer with a status. */
export function snapshotOf(given: Given = {}): Snapshot {
  const names = Object.keys(EMPTY) as SourceName[];
  const sources = Object.fromEntries(names.map((name) => [name, toAnswer(given[name] ?? EMPTY[name])])) as Sources;
  return { schemaVersion: "1", tool: { name: "harden", version: "test" }, collectedAt: "2026-01-01T00:00:00.000Z", sources };
}

function toAnswer(value: unknown): unknown {
  const isAnswer = typeof value === "object" && value !== null && "status" in value && "detail" in value && "data" in value;
  return isAnswer ? value : { status: "ok", detail: null, data: value };
}

/** An inspect answer with the engine's defaults; `changes` are merged into it, objects deeply. */
export function containerOf(name: string, changes: Record<string, unknown> = {}): ContainerAnswer {
  const id = name.padEnd(64, "0");
  return { id, name, error: null, inspect: merge(defaultInspect(id, name), changes) as Record<string, unknown> };
}

function defaultInspect(id: string, name: string): Record<string, unknown> {
  return {
    Id: id,
    Name: `/${name}`,
    State: { Status: "exited", Running: false, Pid: 0 },
    AppArmorProfile: "",
    HostConfig: {
      Privileged: false, CapAdd: null, CapDrop: null, SecurityOpt: null, NetworkMode: "bridge", PidMode: "", IpcMode: "private",
      UTSMode: "", UsernsMode: "", CgroupnsMode: "private", ReadonlyRootfs: false, PortBindings: {}, PublishAllPorts: false,
      MaskedPaths: ["/proc/kcore"], RestartPolicy: { Name: "no", MaximumRetryCount: 0 }, LogConfig: { Type: "json-file", Config: {} },
    },
    Config: { User: "", Env: [], Cmd: ["sh"], Entrypoint: null, Labels: {}, Image: "busybox" },
    NetworkSettings: { Ports: {}, Networks: {} },
    Mounts: [],
  };
}

function merge(base: unknown, changes: unknown): unknown {
  if (!isPlainObject(base) || !isPlainObject(changes)) return changes;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(changes)) merged[key] = key in base ? merge(base[key], value) : value;
  return merged;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
