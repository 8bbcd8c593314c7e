import { describe, expect, test } from "vitest";
import { deriveDaemon } from "../../src/facts/daemon.ts";
import type { Daemon } from "../../src/facts/model/daemon.ts";
import { lookUp } from "../../src/facts/resource.ts";
import type { DaemonData, EngineData, Raw } from "../../src/snapshot/model.ts";
import { defaultBridge, HARDENED_20, HARDENED_29, INFO_20, INFO_29, VERSION_20, VERSION_29 } from "../support/engine-answers.ts";
import { snapshotOf } from "../support/snapshot.ts";

const FILE = "/etc/docker/daemon.json";
const STARTED = 1_700_000_000_000;

interface Given {
  readonly info?: Raw | null;
  readonly version?: Raw;
  readonly flags?: readonly string[];
  /** Text of daemon.json, written before dockerd started unless `changed`. */
  readonly file?: string;
  readonly changed?: boolean;
  readonly bridge?: Readonly<Record<string, string>> | null;
  readonly daemon?: Partial<DaemonData>;
  readonly engine?: Partial<EngineData>;
}

function daemonData({ flags = [], file, changed = false, daemon = {} }: Given): DaemonData {
  const text = file ?? null;
  return {
    pid: 100, commandLine: ["/usr/bin/dockerd", ...flags], startedAt: STARTED, rootless: false, units: [], listeners: [],
    configFile: { path: FILE, explicit: false, text, error: text === null ? "ENOENT" : null, modifiedAt: text === null ? null : STARTED + (changed ? 60_000 : -60_000) },
    ...daemon,
  };
}

/** A dockerd 29 that runs, unless said otherwise. */
function derive(given: Given): Daemon {
  const { info = INFO_29, version = VERSION_29, bridge = {} } = given;
  const engine = { endpoint: "unix:///var/run/docker.sock", local: true, localReason: "dockerd listens", pid: 100, info: info ?? {}, version, ...given.engine };
  const snapshot = snapshotOf({
    engine: info === null ? { status: "denied", detail: "no permission", data: null } : engine,
    networks: bridge === null || info === null ? [] : [defaultBridge(bridge)],
    daemon: daemonData(given),
  });
  const [daemon] = deriveDaemon(snapshot).resources;
  if (daemon === undefined) throw new Error("no daemon");
  return daemon;
}

/** The values of some facts, "unknown" for those that are. */
function facts(daemon: Daemon, ...names: (keyof Daemon)[]): unknown[] {
  return names.map((name) => (lookUp(daemon.unknown, `/${name}`) === undefined ? daemon[name] : "unknown"));
}

function origin(daemon: Daemon, pointer: string): unknown {
  const place = lookUp(daemon.origins, pointer);
  return place !== undefined && "file" in place ? `${place.file}:${place.line}` : place;
}

/** The test's engines are built from source. */
const OWN_BUILD = { "/upstreamBuild": "it is not a build of Docker's own packages, and may carry fixes under an old number: its distribution's security notices tell" };

describe("recorded answers", () => {
  test("29 with its defaults", () => {
    const daemon = derive({});
    expect(daemon.unknown).toEqual(OWN_BUILD);
    expect(daemon).toMatchObject({
      id: "daemon", version: "29.0.0-beta.24", rootless: false, usernsRemap: null, remapped: false, noNewPrivileges: false, icc: true, iptables: true, ip6tables: true,
      userlandProxy: true, liveRestore: false, experimental: false, debug: false, logLevel: "info", logDriver: "json-file", logMaxSize: null, defaultBind: "0.0.0.0",
      storageDriver: "overlayfs", cgroupParent: null, seccompProfile: "builtin", dataRoot: "/var/lib/docker", firewallBackend: "iptables", authorizationPlugins: [],
      defaultUlimits: [], hosts: [{ key: "unix:///var/run/docker.sock", url: "unix:///var/run/docker.sock" }], tlsVerify: false, registryMirrors: [], listeners: [], drift: [],
      insecureRegistries: [{ key: "127.0.0.0/8", registry: "127.0.0.0/8" }, { key: "::1/128", registry: "::1/128" }],
    });
    expect(daemon.warnings.map(({ text }) => text)).toEqual(INFO_29.Warnings);
  });

  test("20.10 with its defaults: no ip6tables, no firewall backend", () => {
    const daemon = derive({ info: INFO_20, version: VERSION_20 });
    expect(daemon.unknown).toEqual(OWN_BUILD);
    expect(facts(daemon, "version", "ip6tables", "firewallBackend", "seccompProfile", "noNewPrivileges", "icc", "storageDriver")).toEqual([
      "20.10.24+dfsg1", false, null, "default", false, true, "overlay2",
    ]);
  });

  test("hardened: 29 tells all of it, 20.10 does not tell no-new-privileges, which its flag does", () => {
    const flags = ["--icc=false", "--no-new-privileges", "--userns-remap=default", "--live-restore"];
    const bridge = { "com.docker.network.bridge.enable_icc": "false" };
    for (const answers of [{ info: HARDENED_29, version: VERSION_29 }, { info: HARDENED_20, version: VERSION_20 }]) {
      const daemon = derive({ ...answers, flags, bridge });
      expect([daemon.unknown, daemon.drift]).toEqual([OWN_BUILD, []]);
      expect(facts(daemon, "remapped", "usernsRemap", "noNewPrivileges", "icc", "liveRestore")).toEqual([true, "default", true, false, true]);
    }
  });
});

test("whether there is a default bridge: the engine's networks tell, else flag and file", () => {
  const closed = { info: null, daemon: { pid: 100, commandLine: ["/usr/bin/dockerd"] } };
  expect([{}, { bridge: null }, closed, { ...closed, file: '{"bridge": "none"}' }, { ...closed, file: '{"bridge": "br0"}' }].map((given) => derive(given).defaultBridge))
    .toEqual([true, false, true, false, true]);
  expect(derive({ ...closed, file: '{"bridge": "none"}', changed: true }).unknown["/defaultBridge"]).toContain("was changed");
});

describe("where other auditors answer wrongly", () => {
  test("hosts on the command line, and hosts written over several lines", () => {
    const flagged = derive({ flags: ["-H", "tcp://0.0.0.0:2375"] });
    expect(flagged.hosts).toEqual([{ key: "tcp://0.0.0.0:2375", url: "tcp://0.0.0.0:2375", tcp: true, loopback: false }]);
    expect(origin(flagged, "/hosts/0")).toEqual({ source: "daemon", key: "--host" });
    const written = derive({ file: '{\n  "hosts": [\n    "fd://",\n    "tcp://0.0.0.0:2375"\n  ]\n}' });
    expect(written.hosts.map(({ url }) => url)).toEqual(["fd://", "tcp://0.0.0.0:2375"]);
    expect([origin(written, "/hosts/0"), origin(written, "/hosts/1")]).toEqual([`${FILE}:3`, `${FILE}:4`]);
  });

  test("a TCP listener is the socket that dockerd holds, whatever is configured", () => {
    const daemon = derive({ daemon: { listeners: [{ address: "::", port: 2375 }, { address: "127.0.0.1", port: 2376 }] } });
    expect(daemon.listeners).toEqual([
      { key: "[::]:2375", address: "::", port: 2375, loopback: false, api: true },
      { key: "127.0.0.1:2376", address: "127.0.0.1", port: 2376, loopback: true, api: true },
    ]);
    expect(facts(derive({ daemon: { listeners: null } }), "listeners")).toEqual(["unknown"]);
  });

  test("metrics and a swarm's ports are not the API", () => {
    const listeners = [9323, 2377, 7946, 2375].map((port) => ({ address: "::", port }));
    const given = { file: '{"metrics-addr": "0.0.0.0:9323"}', daemon: { listeners } };
    expect(derive(given).listeners.map(({ api }) => api)).toEqual([false, true, true, true]);
    const swarm = { ...INFO_29, Swarm: { LocalNodeState: "active" } };
    expect(derive({ ...given, info: swarm }).listeners.map(({ api }) => api)).toEqual([false, false, false, true]);
  });

  test('"tlsverify": true in the file is seen', () => {
    expect(facts(derive({ file: '{"tlsverify": true}' }), "tlsVerify")).toEqual([true]);
  });

  test("--log-level=debug on the command line is seen, cgroup-parent in the file is a value and not a pass", () => {
    const daemon = derive({ flags: ["--log-level=debug"], file: '{"cgroup-parent": "/elsewhere"}' });
    expect(facts(daemon, "logLevel", "cgroupParent")).toEqual(["debug", "/elsewhere"]);
  });

  test("--no-new-privileges=false, --live-restore=false and their keys in the file are read for their value", () => {
    const old = { info: INFO_20, version: VERSION_20 };
    expect(facts(derive({ ...old, flags: ["--no-new-privileges=false", "--live-restore=false"] }), "noNewPrivileges", "liveRestore")).toEqual([false, false]);
    expect(facts(derive({ ...old, file: '{"no-new-privileges": false}' }), "noNewPrivileges")).toEqual([false]);
  });

  test("a file edited after the engine started describes the future", () => {
    const daemon = derive({ file: '{\n  "icc": false,\n  "tlsverify": true\n}', changed: true });
    expect(facts(daemon, "icc", "tlsVerify", "iptables")).toEqual([true, "unknown", "unknown"]);
    expect(daemon.unknown["/tlsVerify"]).toBe(`${FILE} was changed after dockerd started, so it does not tell what runs`);
    expect(daemon.drift).toEqual([{ key: "icc", file: "false", running: "true" }]);
    expect([origin(daemon, "/drift/0"), origin(daemon, "/icc")]).toEqual([
      `${FILE}:2`, { source: "networks", key: "bridge Options.com.docker.network.bridge.enable_icc" },
    ]);
  });

  test("a key taken out of the file still runs", () => {
    const daemon = derive({ info: HARDENED_29, file: "{}", changed: true });
    expect(facts(daemon, "noNewPrivileges", "remapped", "usernsRemap")).toEqual([true, true, "unknown"]);
    expect(daemon.drift).toContainEqual({ key: "no-new-privileges", file: "not set", running: "true" });
  });

  test("a file taken away still runs; to whom users are remapped nobody tells then", () => {
    const daemon = derive({ info: HARDENED_29 });
    expect(facts(daemon, "remapped", "usernsRemap")).toEqual([true, "unknown"]);
    expect(daemon.unknown["/usernsRemap"]).toBe("the engine tells that users are remapped, not to whom");
    expect(daemon.drift.map(({ key, file }) => [key, file])).toEqual([["no-new-privileges", "not set"], ["live-restore", "not set"]]);
  });

  test("rootless counts as remapped", () => {
    const daemon = derive({ info: { ...INFO_29, SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless"] } });
    expect(facts(daemon, "rootless", "remapped", "usernsRemap")).toEqual([true, true, null]);
  });

  test("the engine's own seccomp profile is called default or builtin; unconfined is neither", () => {
    const unconfined = derive({ info: { ...INFO_29, SecurityOptions: ["name=seccomp,profile=unconfined"] }, file: '{"seccomp-profile": "unconfined"}' });
    expect([unconfined.seccompProfile, unconfined.drift, origin(unconfined, "/seccompProfile")]).toEqual(["unconfined", [], `${FILE}:1`]);
    expect(derive({ file: '{"seccomp-profile": "default"}' }).drift).toEqual([]);
  });

  test("flags of a drop-in that the running process was not started with are drift", () => {
    const units = [
      { path: "/lib/systemd/system/docker.service", text: "[Service]\nExecStart=/usr/bin/dockerd -H fd://\n", error: null },
      { path: "/etc/systemd/system/docker.service.d/icc.conf", text: "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd:// --icc=false\n", error: null },
    ];
    const daemon = derive({ flags: ["-H", "fd://"], daemon: { units } });
    expect([daemon.icc, daemon.drift]).toEqual([true, [{ key: "--icc", file: "false", running: "not set" }]]);
    expect(origin(daemon, "/drift/0")).toBe("/etc/systemd/system/docker.service.d/icc.conf:3");
    expect(derive({ flags: ["-H", "fd://", "--icc=false"], daemon: { units }, bridge: { "com.docker.network.bridge.enable_icc": "false" } }).drift).toEqual([]);
  });
});

test("a flag that the unit may take from a file that cannot be read is no drift", () => {
  const text = "[Service]\nEnvironmentFile=/e\nExecStart=/usr/bin/dockerd -H fd:// $OPTS\n";
  const units = (environment: string | null) => [
    { path: "/lib/systemd/system/docker.service", text, error: null },
    { path: "/e", text: environment, error: environment === null ? "EACCES" : null },
  ];
  const flags = ["-H", "fd://", "--debug"];
  const info = { ...INFO_29, Debug: true };
  expect(derive({ info, flags, daemon: { units: units(null) } }).drift).toEqual([]);
  expect(derive({ info, flags, daemon: { units: units("OPTS=--debug") } }).drift).toEqual([]);
  expect(derive({ info, flags, daemon: { units: units("") } }).drift).toEqual([{ key: "--debug", file: "not set", running: "true" }]);
});

describe("what decides", () => {
  test("the origin is what set the value: file, flag, or where it would be set", () => {
    const bridge = { "com.docker.network.bridge.enable_icc": "false" };
    expect(origin(derive({ file: '{\n\n"icc": false}', bridge }), "/icc")).toBe(`${FILE}:3`);
    expect(origin(derive({ flags: ["--icc=false"], bridge }), "/icc")).toEqual({ source: "daemon", key: "--icc" });
    expect(origin(derive({ file: '\n{"debug": false}' }), "/icc")).toBe(`${FILE}:2`);
    expect(origin(derive({}), "/icc")).toEqual({ source: "networks", key: "bridge Options.com.docker.network.bridge.enable_icc" });
  });

  test("the engine's word wins over the file even where nothing shows that it was changed", () => {
    const daemon = derive({ file: '{"icc": false, "debug": true}' });
    expect([daemon.icc, daemon.debug]).toEqual([true, false]);
    expect(daemon.drift.map(({ key }) => key)).toEqual(["icc", "debug"]);
  });

  test("without a default bridge flags and file decide", () => {
    expect(derive({ flags: ["--icc=0"], bridge: null }).icc).toBe(false);
    expect(derive({ file: '{"icc": false, "bridge": "none"}', bridge: null }).icc).toBe(false);
  });

  test("a key in the file and as a flag: dockerd runs, so the file was changed since and the flag counts", () => {
    const daemon = derive({ flags: ["--log-level=warn"], file: '{"log-level": "debug"}', changed: true });
    expect([daemon.logLevel, daemon.drift]).toEqual(["warn", [{ key: "log-level", file: '"debug"', running: "warn" }]]);
  });

  test("what the engine prints otherwise than it is given is no drift", () => {
    const registries = { InsecureRegistryCIDRs: ["::1/128", "127.0.0.0/8"], IndexConfigs: { "r.example:5000": { Secure: false } }, Mirrors: ["https://m.example/"] };
    const daemon = derive({
      info: { ...HARDENED_29, RegistryConfig: registries },
      file: '{"userns-remap": "default", "no-new-privileges": true, "live-restore": true, "data-root": "/var/lib/docker", "insecure-registries": ["http://r.example:5000"], "registry-mirrors": ["https://m.example"]}',
    });
    expect(daemon.drift).toEqual([]);
    expect(daemon.insecureRegistries.map(({ key }) => key)).toEqual(["127.0.0.0/8", "::1/128", "r.example:5000"]);
  });

  test("null in the file leaves the default", () => {
    expect(facts(derive({ file: '{"iptables": null}' }), "iptables")).toEqual([true]);
  });

  test("log options from the file and from flags", () => {
    expect(derive({ file: '{"log-opts": {"max-size": "10m"}}' }).logMaxSize).toBe("10m");
    expect(derive({ flags: ["--log-opt", "max-size=5m", "--log-opt", "max-file=3"] }).logMaxSize).toBe("5m");
  });

  test("default ulimits by name", () => {
    expect(derive({ file: '{"default-ulimits": {"nofile": {"Name": "nofile", "Hard": 64000, "Soft": 64000}}}' }).defaultUlimits).toEqual(["nofile"]);
    expect(derive({ flags: ["--default-ulimit", "nproc=100:200"] }).defaultUlimits).toEqual(["nproc"]);
  });

  test("hosts in the engine's short forms", () => {
    const daemon = derive({ flags: ["-H", ":2375", "-H", "0.0.0.0:2376", "-H", "unix://", "-H", "fd://"] });
    expect(daemon.hosts.map(({ url }) => url)).toEqual(["tcp://127.0.0.1:2375", "tcp://0.0.0.0:2376", "unix:///var/run/docker.sock", "fd://"]);
  });

  test("of a key given twice the last one counts, as dockerd does it", () => {
    const daemon = derive({ file: '{"iptables": true,\n"iptables": false}' });
    expect([daemon.iptables, origin(daemon, "/iptables")]).toEqual([false, `${FILE}:2`]);
  });
});

describe("what is not known", () => {
  test("a file with a mistake: what hangs on it is unknown with its line, what the engine tells is not", () => {
    const daemon = derive({ file: '{\n  "icc": false,\n}' });
    expect(facts(daemon, "icc", "noNewPrivileges", "remapped", "iptables", "tlsVerify")).toEqual([true, false, false, "unknown", "unknown"]);
    expect(daemon.unknown["/iptables"]).toBe(`${FILE}:3:1: is no JSON: property name expected`);
    expect(daemon.drift).toEqual([{ key: FILE, file: `${FILE}:3:1: is no JSON: property name expected`, running: "what it was started with" }]);
  });

  test("a value of a wrong type, in the file and as a flag", () => {
    const daemon = derive({ file: '{\n"iptables": "false"}', flags: ["--ip6tables=nope"] });
    expect(daemon.unknown).toEqual({
      "/iptables": `${FILE}:2: "iptables" is "false", not a boolean: dockerd refuses it`,
      "/ip6tables": "--ip6tables=nope is not a boolean: dockerd refuses it",
      ...OWN_BUILD,
    });
  });

  test("a file that may not be read", () => {
    const configFile = { path: FILE, explicit: false, text: null, error: "EACCES", modifiedAt: STARTED };
    const daemon = derive({ info: INFO_20, version: VERSION_20, flags: ["--iptables=false"], daemon: { configFile } });
    expect(facts(daemon, "icc", "iptables", "noNewPrivileges", "drift")).toEqual([true, false, "unknown", "unknown"]);
    expect(daemon.unknown["/noNewPrivileges"]).toBe(`${FILE} cannot be read: EACCES`);
    const hardened = derive({ info: HARDENED_29, daemon: { configFile } });
    expect([hardened.liveRestore, hardened.drift, hardened.unknown["/drift"]]).toEqual([true, [], `${FILE} cannot be read: EACCES`]);
  });

  test("a file named by --config-file that is gone", () => {
    const configFile = { path: "/srv/d.json", explicit: true, text: null, error: "ENOENT", modifiedAt: null };
    expect(facts(derive({ daemon: { configFile } }), "iptables", "icc")).toEqual(["unknown", true]);
  });

  test("a remote engine: what it tells, and nothing of this host", () => {
    const away = { status: "absent", detail: "the engine is not on this host: ssh", data: null } as const;
    const engine = { endpoint: "unix:///forwarded.sock", local: false, localReason: "ssh", pid: null, info: HARDENED_29, version: VERSION_29 };
    const [daemon] = deriveDaemon(snapshotOf({ engine, networks: [defaultBridge()], daemon: away })).resources;
    if (daemon === undefined) throw new Error("no daemon");
    expect(facts(daemon, "remapped", "noNewPrivileges", "icc", "liveRestore")).toEqual([true, true, true, true]);
    expect(facts(daemon, "usernsRemap", "iptables", "hosts", "listeners", "tlsVerify", "drift")).toEqual(Array.from({ length: 6 }, () => "unknown"));
    expect(daemon.unknown["/iptables"]).toBe("the engine is not on this host: ssh");
  });

  test("an old remote engine does not tell no-new-privileges", () => {
    const away = { status: "absent", detail: "the engine is not on this host", data: null } as const;
    const engine = { endpoint: "tcp://a:1", local: false, localReason: "", pid: null, info: HARDENED_20, version: VERSION_20 };
    const [daemon] = deriveDaemon(snapshotOf({ engine, daemon: away })).resources;
    expect(daemon?.unknown["/noNewPrivileges"]).toBe("the engine is not on this host");
  });

  test("an engine whose process was not found", () => {
    const daemon = derive({ daemon: { pid: null, commandLine: null, startedAt: null, listeners: null }, file: '{"iptables": false}' });
    expect(facts(daemon, "icc", "iptables", "listeners")).toEqual([true, "unknown", "unknown"]);
    expect(daemon.unknown["/iptables"]).toBe("dockerd's process is not known, and with it its flags");
  });

  test("an engine that may not be asked, while its process can be seen", () => {
    const daemon = derive({ info: null, flags: ["--icc=false"], file: '{"userns-remap": "default"}' });
    expect(facts(daemon, "icc", "remapped", "noNewPrivileges", "warnings", "version", "ip6tables")).toEqual([false, true, false, "unknown", null, "unknown"]);
  });

  test("an engine that may not be asked and whose process was not found", () => {
    const daemon = derive({ info: null, daemon: { pid: null, commandLine: null, startedAt: null } , file: '{"icc": false}' });
    expect(facts(daemon, "icc", "remapped", "noNewPrivileges")).toEqual(["unknown", "unknown", "unknown"]);
    expect(daemon.unknown["/icc"]).toBe("whether dockerd runs is not known: no permission");
  });
});

describe("no engine", () => {
  const absent = { status: "absent", detail: "there is no engine", data: null } as const;
  const idle = { pid: null, commandLine: null, startedAt: null, listeners: null };

  test("file and unit say how it would start, with their lines", () => {
    const unit = { path: "/lib/systemd/system/docker.service", text: "[Service]\nExecStart=/usr/bin/dockerd \\\n  --icc=false\n", error: null };
    const data = daemonData({ file: '{"no-new-privileges": true}', daemon: { ...idle, units: [unit] } });
    const [daemon] = deriveDaemon(snapshotOf({ engine: absent, daemon: data })).resources;
    if (daemon === undefined) throw new Error("no daemon");
    expect(facts(daemon, "icc", "noNewPrivileges", "remapped", "listeners", "drift")).toEqual([false, true, false, [], []]);
    expect([origin(daemon, "/icc"), origin(daemon, "/noNewPrivileges")]).toEqual(["/lib/systemd/system/docker.service:3", `${FILE}:1`]);
  });

  test("flags that hang on a file that cannot be read are unknown, given ones are not", () => {
    const unit = { path: "/lib/systemd/system/docker.service", text: "[Service]\nEnvironmentFile=/e\nExecStart=/usr/bin/dockerd --icc=false $OPTS\n", error: null };
    const units = [unit, { path: "/e", text: null, error: "EACCES" }];
    const [daemon] = deriveDaemon(snapshotOf({ engine: absent, daemon: daemonData({ daemon: { ...idle, units } }) })).resources;
    if (daemon === undefined) throw new Error("no daemon");
    expect(facts(daemon, "icc", "noNewPrivileges")).toEqual([false, "unknown"]);
  });

  test("installed but neither running nor configured: nothing follows from defaults, and what the unit says is known", () => {
    const unit = { path: "/lib/systemd/system/docker.service", text: "[Service]\nExecStart=/usr/bin/dockerd --icc=false\n", error: null };
    const [daemon] = deriveDaemon(snapshotOf({ engine: absent, daemon: daemonData({ daemon: { ...idle, units: [unit] } }) })).resources;
    if (daemon === undefined) throw new Error("no daemon");
    expect(facts(daemon, "icc", "noNewPrivileges", "remapped")).toEqual([false, "unknown", "unknown"]);
    expect(daemon.unknown["/noNewPrivileges"]).toBe("there is no engine, and nothing says how one would be set up: there is no /etc/docker/daemon.json");
  });

  test("nothing configures one: no daemon, and the reason", () => {
    expect(deriveDaemon(snapshotOf({ engine: absent, daemon: daemonData({ daemon: idle }) }))).toEqual({ resources: [], source: { status: "absent", detail: "there is no engine" } });
  });

  test("podman has no daemon", () => {
    const version = { Components: [{ Name: "Podman Engine", Version: "4.3.1" }], ApiVersion: "1.41" };
    const engine = { endpoint: "unix:///run/podman/podman.sock", local: true, localReason: "", pid: 7, info: {}, version };
    expect(deriveDaemon(snapshotOf({ engine }))).toEqual({ resources: [], source: { status: "ok", detail: "podman has no daemon" } });
  });
});

describe("which runc the engine has", () => {
  const runcOf = (given: Given): unknown[] => {
    const daemon = derive(given);
    return [daemon.runcVersion, daemon.unknown["/runcVersion"]];
  };

  test("it tells, or does not", () => {
    expect(runcOf({})).toEqual(["1.5.2", undefined]);
    for (const Components of [undefined, [{ Name: "Engine", Version: "29.0.0" }], [{ Name: "runc" }], [{ Name: "runc", Version: "" }]]) {
      expect(runcOf({ version: { ...VERSION_29, Components } })).toEqual([null, "the engine does not tell which runc it has"]);
    }
  });

  test("it was not asked", () => {
    expect(runcOf({ info: null })).toEqual([null, "no permission"]);
  });
});

test("a written file just before the start is not changed after it", () => {
  const configFile = { path: FILE, explicit: false, text: '{"iptables": false}', error: null, modifiedAt: STARTED + 20 };
  expect(facts(derive({ daemon: { configFile } }), "iptables")).toEqual([false]);
});
