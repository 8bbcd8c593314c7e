import { describe, expect, it } from "vitest";
import { deriveHost } from "../../../src/facts/host.ts";
import type { Host } from "../../../src/facts/model/host.ts";
import type { DaemonData, DataOf, FileStatus, Sources } from "../../../src/snapshot/model.ts";
import { snapshotOf } from "../../support/snapshot.ts";

const text = (path: string, content: string | null, error: string | null = null): { path: string; text: string | null; error: string | null } => ({ path, text: content, error });

const FILES: DataOf<"files"> = {
  status: [], aclError: null, auditRules: [], auditLoaded: text("auditctl -l", "No rules\n"), rootDevice: 1, dataRootDevice: 2, realPaths: {},
  passwd: text("/etc/passwd", "root::0:0::/root:/bin/sh\nann::1000:1000::/home/ann:/bin/sh\nbob::1001:998::/home/bob:/bin/sh\n"),
  group: text("/etc/group", "root::0:\ndocker::998:ann,annabel\nann::1000:\ndev::1500:ann,bob\ndocker-ci::1600:bob\n"),
  subuid: text("/etc/subuid", ""), subgid: text("/etc/subgid", ""),
};
const DAEMON: DaemonData = {
  pid: 100, commandLine: ["/usr/bin/dockerd"], startedAt: 2, rootless: false, units: [], listeners: [],
  configFile: { path: "/etc/docker/daemon.json", explicit: false, text: null, error: "ENOENT", modifiedAt: null },
};

function derive(files: Partial<DataOf<"files">>, daemon: Partial<DaemonData> = {}): Host {
  const [host] = deriveHost(snapshotOf({ files: { ...FILES, ...files }, daemon: { ...DAEMON, ...daemon } })).resources;
  if (host === undefined) throw new Error("no host was derived");
  return host;
}

function status(path: string, mode: number, changes: Partial<FileStatus> = {}): FileStatus {
  return { path, type: path.endsWith(".sock") ? "socket" : "file", mode, uid: 0, gid: 0, acl: null, error: null, ...changes };
}

const NOBODY = { users: [], groups: [], others: false };

describe("files of the engine", () => {
  it("are told with who else than root may write and read them, sockets of the API apart", () => {
    const { engineSockets, engineFiles, unknown } = derive({
      status: [
        status("/etc/docker/daemon.json", 0o606), status("/etc/docker/server-key.pem", 0o640, { gid: 1500 }),
        status("/run/containerd/containerd.sock", 0o660), status("/run/docker.sock", 0o660, { gid: 998, acl: "user::rw-\nuser:1000:rw-\ngroup::rw-\nmask::rw-\nother::---" }),
      ],
    });
    expect(engineSockets).toEqual([{
      key: "/run/docker.sock", secret: false, mode: 0o660, wantedMode: "0660", words: "0660 root:docker with an ACL",
      writers: { users: ["ann"], groups: ["docker"], others: false }, readers: { users: ["ann"], groups: ["docker"], others: false },
    }]);
    expect(engineFiles).toEqual([
      { key: "/etc/docker/daemon.json", secret: false, mode: 0o606, wantedMode: "0604", words: "0606 root:root", writers: { ...NOBODY, others: true }, readers: { ...NOBODY, others: true } },
      { key: "/etc/docker/server-key.pem", secret: true, mode: 0o640, wantedMode: "0600", words: "0640 root:dev", writers: NOBODY, readers: { ...NOBODY, groups: ["dev"] } },
      { key: "/run/containerd/containerd.sock", secret: false, mode: 0o660, wantedMode: "0660", words: "0660 root:root", writers: NOBODY, readers: NOBODY },
    ]);
    expect(unknown).toEqual({});
  });

  it("that the configuration calls a key are keys, whatever their name", () => {
    const configFile = { ...DAEMON.configFile, text: JSON.stringify({ tlskey: "/srv/tls/private" }), error: null, modifiedAt: 1 };
    const { engineFiles } = derive({ status: [status("/srv/tls/cert", 0o644), status("/srv/tls/private", 0o644)] }, { configFile });
    expect(engineFiles.map(({ key, secret }) => [key, secret])).toEqual([["/srv/tls/cert", false], ["/srv/tls/private", true]]);
  });

  it("of a rootless engine and of a home are their user's own, and so is a group of his alone", () => {
    const own = { uid: 1000, gid: 1000 };
    const { engineSockets, engineFiles } = derive({
      status: [status("/home/ann/.docker", 0o770, { ...own, type: "directory" }), status("/home/ann/.docker/key.pem", 0o600, own), status("/run/user/1000/docker.sock", 0o660, own)],
    }, { rootless: true });
    expect([...engineSockets, ...engineFiles].map(({ writers, readers }) => [writers, readers])).toEqual([[NOBODY, NOBODY], [NOBODY, NOBODY], [NOBODY, NOBODY]]);
    expect(derive({ status: [status("/run/user/1000/docker.sock", 0o660, own)] }).engineSockets[0]?.writers).toEqual({ users: ["ann"], groups: ["ann"], others: false });
  });

  it("are unknown where they, a group's name or their ACLs are", () => {
    const { unknown } = derive({
      aclError: "no getfacl",
      status: [status("/etc/docker", 0, { mode: null, uid: null, gid: null, error: "EACCES" }), status("/etc/docker/daemon.json", 0o644), status("/run/docker.sock", 0o660, { gid: 77 })],
    });
    expect(unknown).toEqual({
      "/engineFiles/0": "its permissions cannot be read: EACCES",
      "/engineFiles/1/readers/groups/-": "no getfacl", "/engineFiles/1/readers/users/-": "no getfacl",
      ...Object.fromEntries(["readers", "writers"].flatMap((who) => [
        [`/engineSockets/0/${who}/groups/-`, "no getfacl"], [`/engineSockets/0/${who}/users/-`, "no getfacl"], [`/engineSockets/0/${who}/groups/0`, "group 77 is not in /etc/group"],
      ])),
      "/dockerGroup/3": expect.stringMatching(/no getfacl|group 77/) as string,
    });
  });

  it("that may not be looked at are sockets where dockerd serves on them or their name says so", () => {
    const closed = (path: string): FileStatus => status(path, 0, { type: null, mode: null, uid: null, gid: null, error: "EACCES" });
    const { engineSockets, engineFiles, dockerGroup, unknown } = derive(
      { status: [closed("/etc/docker"), closed("/run/user/1000/docker.sock"), closed("/srv/engine"), closed("/run/containerd/containerd.sock")] },
      { commandLine: ["/usr/bin/dockerd", "-H", "unix:///srv/engine"] },
    );
    expect(engineSockets.map(({ key }) => key)).toEqual(["/run/user/1000/docker.sock", "/srv/engine"]);
    expect(engineFiles.map(({ key }) => key)).toEqual(["/etc/docker", "/run/containerd/containerd.sock"]);
    expect(dockerGroup.map(({ key }) => key)).toEqual(["ann of docker", "annabel of docker", "bob of docker", "users of /run/user/1000/docker.sock", "users of /srv/engine"]);
    const why = "its permissions cannot be read: EACCES";
    expect(unknown).toEqual({
      "/engineSockets/0": why, "/engineSockets/1": why, "/engineFiles/0": why, "/engineFiles/1": why, "/dockerGroup/3": why, "/dockerGroup/4": why,
    });
  });
});

describe("files that dockerd may have been told of", () => {
  const read = { ...DAEMON.configFile, text: "{}", error: null };
  const flags = "dockerd's command line cannot be read";
  const found = (daemon: Sources["daemon"]): unknown => {
    const [host] = deriveHost(snapshotOf({ files: { ...FILES, status: [status("/etc/docker", 0o755), status("/run/docker.sock", 0o660)] }, daemon })).resources;
    const keep = (entries: Record<string, string> = {}): unknown => Object.fromEntries(Object.entries(entries).filter(([at]) => /^\/engine/.test(at)));
    return [host?.engineSockets.map(({ key }) => key), host?.engineFiles.map(({ key }) => key), keep(host?.unknown)];
  };
  const running = (changes: Partial<DaemonData>): Sources["daemon"] => ({ status: "ok", detail: null, data: { ...DAEMON, ...changes } });
  const sockets = ["/run/docker.sock", "other sockets of the engine"];
  const files = ["/etc/docker", "other files of the engine"];

  it.each<[string, Sources["daemon"], unknown]>([
    ["where nothing was read", { status: "denied", detail: "it may not be read", data: null }, [sockets, files, { "/engineSockets/1": "it may not be read", "/engineFiles/1": "it may not be read" }]],
    ["where its flags are not known", running({ commandLine: null }), [sockets, files, { "/engineSockets/1": flags, "/engineFiles/1": flags }]],
    ["where its file cannot be read", running({ configFile: { ...read, text: null, error: "EACCES" }, commandLine: ["dockerd", "-H", "fd://"] }),
      [sockets.slice(0, 1), files, { "/engineFiles/1": "/etc/docker/daemon.json cannot be read: EACCES" }]],
    ["where its file was changed since", running({ configFile: { ...read, modifiedAt: 9_000 } }), [sockets, files, {
      "/engineSockets/1": "/etc/docker/daemon.json was changed after dockerd started, so it does not tell what runs",
      "/engineFiles/1": "/etc/docker/daemon.json was changed after dockerd started, so it does not tell what runs",
    }]],
  ])("are unknown elements %s", (_, daemon, expected) => {
    expect(found(daemon)).toEqual(expected);
  });

  it.each<[string, Sources["daemon"]]>([
    ["all is known", running({ configFile: read })], ["there is no such daemon", { status: "absent", detail: "podman is no daemon", data: null }],
  ])("are none where %s", (_, daemon) => {
    expect(found(daemon)).toEqual([sockets.slice(0, 1), files.slice(0, 1), {}]);
  });

  it("are none of an engine that does not run and has no file", () => {
    const { data } = running({ pid: null, commandLine: null, startedAt: null });
    const [host] = deriveHost(snapshotOf({ files: FILES, engine: { status: "absent", detail: "there is no socket", data: null }, daemon: { status: "ok", detail: null, data } })).resources;
    expect([host?.engineSockets, host?.engineFiles]).toEqual([[], []]);
  });
});

describe("the engine's group", () => {
  it("has members by list and as primary group, of each group that may write a socket; a name that begins alike is another", () => {
    expect(derive({ status: [status("/run/docker.sock", 0o660, { gid: 1500 })] }).dockerGroup).toEqual([
      { key: "ann of dev", user: "ann", group: "dev", primary: false }, { key: "ann of docker", user: "ann", group: "docker", primary: false },
      { key: "annabel of docker", user: "annabel", group: "docker", primary: false }, { key: "bob of dev", user: "bob", group: "dev", primary: false },
      { key: "bob of docker", user: "bob", group: "docker", primary: true },
    ]);
  });

  it("is unknown where a list cannot be read", () => {
    expect(derive({ passwd: text("/etc/passwd", null, "EACCES") }).unknown).toEqual({ "/dockerGroup": "/etc/passwd cannot be read: EACCES" });
  });
});

describe("subordinate ids", () => {
  const remap = (value: string): Partial<DaemonData> => ({ configFile: { ...DAEMON.configFile, text: JSON.stringify({ "userns-remap": value }), error: null, modifiedAt: 1 } });

  it.each([
    ["default", "dockremap:165536:65536\n", "", [{ key: "/etc/subgid", user: "dockremap" }]],
    ["default", "dockremapper:165536:65536\n", "dockremap:1:0\n", [{ key: "/etc/subuid", user: "dockremap" }, { key: "/etc/subgid", user: "dockremap" }]],
    ["ann:dev", "1000:165536:65536\n", "ann:165536:65536\n", []],
  ])("of %s: %j and %j", (value, subuid, subgid, missing) => {
    expect(derive({ subuid: text("/etc/subuid", subuid), subgid: text("/etc/subgid", subgid) }, remap(value)).missingSubids).toEqual(missing);
  });

  it("are not asked without a mapping, and unknown where the file cannot be read", () => {
    expect(derive({}).remapUser).toBe(null);
    const host = derive({ subuid: text("/etc/subuid", null, "EACCES"), subgid: text("/etc/subgid", "dockremap:1:2") }, remap("default"));
    expect(host.unknown).toEqual({ "/missingSubids/0": "/etc/subuid cannot be read: EACCES" });
  });

  it.each([
    [{ configFile: { ...DAEMON.configFile, error: "EACCES" } }, "/etc/docker/daemon.json cannot be read: EACCES"],
    [{ pid: null }, "dockerd's process is not known, and with it its flags"],
  ])("are unknown where the engine maps nobody and what the next start would do cannot be read: %j", (daemon, reason) => {
    expect(derive({}, daemon).unknown).toMatchObject({ "/remapUser": reason, "/missingSubids": reason });
  });
});

describe("audit rules", () => {
  const there = [status("/etc/docker", 0o755, { type: "directory" }), status("/usr/lib/systemd/system/docker.service", 0o644), status("/run/docker.sock", 0o660)];
  const gaps = (loaded: string, saved: string): unknown =>
    derive({ status: there, auditLoaded: text("auditctl -l", loaded), auditRules: [text("/etc/audit/rules.d/x.rules", saved)] }).auditGaps.map(({ key, running, saved: atBoot }) => `${key} ${running} ${atBoot}`);

  it("cover files by name, by folder and under another name", () => {
    const rules = "-w /usr/bin/dockerd -p x -k docker\n-w /etc -p wa\n-w /lib/systemd/system/docker.service\n-a always,exit -F path=/var/run/docker.sock -F perm=wa -F key=x\n";
    expect(gaps(rules, rules)).toEqual([]);
  });

  it.each([
    ["# -w /etc/docker -p wa"], ["-w /etc/docker2 -p wa"], ["-w /etc/docker -p r"], ["-w /etc/docker/daemon.json -p wa"], ["-a always,exit -F path=/etc -F perm=wa"],
    ["-w /etc/docker -p wa\n-D"], ["-w /etc/docker -p wa\n-W /etc/docker"], ["-a never,exit -F dir=/etc\n-w /etc/docker -p wa"], ["-a always,exit -F dir=/etc/docker -F uid=33"],
    ["-a always,exit -S unlink -F dir=/etc/docker"], ["-a always,user -F dir=/etc/docker"],
    ["-w /etc/docker -p wa\n-a never,task"], ["-a task,never\n-A always,exit -F dir=/etc"], ["-a never,exit -S all\n-w /etc/docker -p wa"], ["-a never,exit -F auid>=1000\n-w /etc"],
    ["-w /etc\n-e 0"], ["-a always,exit -F dir=/ -F auid=1000"], ["-a always,exit -F dir=/ -F auid!=0"], ["-a always,exit -F dir=/ -F auid>=2000"], ["-a always,exit -Fdir=/ -Fuid=33"],
    ["-a always,exit -F dir!=/"], ["-a always,exit -F dir=/ -F perm!=wa"], ["-a always,exit -F dir=/ -C auid!=obj_uid"],
  ])("do not by %s", (rules) => {
    expect(gaps(rules, rules)).toContain("/etc/docker false false");
  });

  it.each([
    ["-w /etc/docker -p wa\n-a never,exit -S all"], ["-D\n-a never,task\n-D\n-w /etc"], ["-a never,exit -F auid=unset\n-w /etc"], ["-a never,task -F auid=4294967295\n-w /etc"],
    ["-a never,exit -S adjtimex\n-w /etc"], ["-a never,exit -F exe=/usr/bin/backup\n-w /etc"], ["-a never,exit -F dir=/srv\n-w /etc"], ["-a always,exit -F dir=/etc -F perm=wa -F auid>=1000 -F auid!=unset -k x"],
    ["-a always,exit -F arch=b64 -S all -F dir=/etc -F perm=wa -F auid!=-1 -F key=x"], ["-w/etc -pwa -kx"], ["-e 0\n-w /etc\n-e 2"],
  ])("do by %s", (rules) => {
    expect(gaps(rules, rules)).not.toContain("/etc/docker false false");
  });

  it("watch nothing while auditing is switched off", () => {
    const all = "-w /etc\n-w /usr\n-w /run\n";
    const running = (status: string | null): unknown => {
      const { auditGaps, unknown } = derive({ status: there.slice(0, 1), auditLoaded: text("auditctl -l", all), auditRules: [text("/etc/audit/audit.rules", all)], auditStatus: text("auditctl -s", status, status === null ? "EPERM" : null) });
      return [auditGaps, unknown];
    };
    const gap = (key: string): unknown => ({ key, running: false, saved: true });
    const both = [gap("/usr/bin/dockerd"), gap("/etc/docker")];
    expect(running("enabled 0\nfailure 1\npid 0\n")).toEqual([both, {}]);
    expect(running("enabled 2\nfailure 1\npid 77\n")).toEqual([[], {}]);
    expect(running(null)).toEqual([both, { "/auditGaps/0/running": "auditctl -s gives no answer: EPERM", "/auditGaps/1/running": "auditctl -s gives no answer: EPERM" }]);
  });

  it("have to run and to be saved; what is not known of them is unknown", () => {
    const all = "-w /etc\n-w /usr\n-w /run\n";
    expect(gaps(all, "")).toEqual(["/usr/bin/dockerd true false", "/etc/docker true false", "/usr/lib/systemd/system/docker.service true false", "/run/docker.sock true false"]);
    const unasked = (error: string): unknown =>
      derive({ status: there.slice(0, 1), auditLoaded: text("auditctl -l", null, error), auditRules: [text("/etc/audit/audit.rules", all)] }).unknown;
    const both = (why: string): unknown => ({ "/auditGaps/0/running": why, "/auditGaps/1/running": why });
    expect(unasked("You must be root to run this program.")).toEqual(both("auditctl -l gives no answer: You must be root to run this program."));
    expect(unasked("ENOENT")).toEqual(both("auditctl (package auditd) is not installed, so that the rules which the kernel has are not known"));
  });
});

it("the data root is unknown of an engine that may not be asked, and nothing is judged without one", () => {
  const engine = (status: "denied" | "absent") => snapshotOf({ engine: { status, detail: `it is ${status}`, data: null } });
  expect(deriveHost(engine("denied")).resources[0]?.unknown).toMatchObject({ "/dataRoot": "it is denied", "/dataRootShared": "it is denied" });
  expect(deriveHost(engine("absent")).resources[0]).toMatchObject({ dataRoot: null, dataRootShared: false });
  expect(deriveHost(engine("absent")).resources[0]?.unknown["/dataRootShared"]).toBeUndefined();
});

it("the data root is on the file system of / or on one of its own", () => {
  expect(derive({}).dataRootShared).toBe(false);
  expect(derive({ dataRootDevice: 1 }).dataRootShared).toBe(true);
  expect(derive({ dataRootDevice: null }).unknown).toEqual({ "/dataRootShared": "/var/lib/docker could not be looked at" });
});
