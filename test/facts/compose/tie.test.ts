import { describe, expect, it } from "vitest";
import { type FileText, readMadeProjects } from "../../../src/compose/index.ts";
import { readMadeBy } from "../../../src/facts/compose-labels.ts";
import { deriveContainers } from "../../../src/facts/container.ts";
import { ASSUMED_DEFAULTS } from "../../../src/facts/engine-defaults.ts";
import type { Container } from "../../../src/facts/model/container.ts";
import { textsAt } from "../../../src/facts/raw.ts";
import type { Snapshot } from "../../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../../support/snapshot.ts";

const LABELS = {
  "com.docker.compose.project": "shop", "com.docker.compose.service": "web", "com.docker.compose.project.config_files": "/srv/shop/compose.yaml", "com.docker.compose.project.working_dir": "/srv/shop",
};
const NETWORKS = [{ Name: "shop_default", Id: "n1", Driver: "bridge" }];

/** A container of that service as the engine tells of it. */
function runsWith(changes: { host?: object; config?: object; settings?: object; mounts?: readonly object[]; labels?: object } = {}): ReturnType<typeof containerOf> {
  return containerOf("shop-web-1", {
    HostConfig: { NetworkMode: "shop_default", ...changes.host }, Config: { Image: "web:1", User: "", Labels: { ...LABELS, ...changes.labels }, ...changes.config },
    Image: "sha256:1", Mounts: changes.mounts ?? [], NetworkSettings: { Networks: { shop_default: { NetworkID: "n1" } }, Ports: {}, ...changes.settings },
  });
}

function tie(service: string, answer = runsWith(), files: Readonly<Record<string, string>> = {}): Container {
  const texts: Readonly<Record<string, string>> = { "/srv/shop/compose.yaml": `services:\n  web:\n    image: \${IMAGE:-web:1}\n${service}`, ...files };
  const readFile = (path: string): FileText => (Object.hasOwn(texts, path) ? { text: texts[path] ?? "" } : { fault: "missing", reason: "no such file or directory" });
  const labels = answer.inspect?.["Config"] as { Labels: Record<string, string> };
  const made = readMadeBy(labels.Labels);
  const given = { containers: [answer], networks: NETWORKS, images: [{ Id: "sha256:1", Config: { User: "" } }] };
  if (made === null) return derive({ ...given, compose: [] });
  const running = [{ madeBy: made, service: "web", facts: derive(given), securityOptions: textsAt(answer.inspect, "HostConfig", "SecurityOpt"), groups: textsAt(answer.inspect, "HostConfig", "GroupAdd") }];
  return derive({ ...given, compose: readMadeProjects([made], readFile, ASSUMED_DEFAULTS, running) });
}

function derive(given: Parameters<typeof snapshotOf>[0]): Container {
  const snapshot: Snapshot = snapshotOf(given);
  const [container] = deriveContainers(snapshot).resources;
  if (container === undefined) throw new Error("no container");
  return container;
}

const drift = ({ composeDrift, unknown }: Container): string[] => [
  ...composeDrift.map(({ key, file, running }) => `${key}: ${file} | ${running}`), ...Object.entries(unknown).flatMap(([at, reason]) => (at.startsWith("/composeDrift") ? [`? ${reason}`] : [])),
];
const DOUBT = "the file fills it in from X, and whoever started the project may have set that otherwise";

describe("tieToCompose", () => {
  it("finds nothing where file and container say the same", () => {
    expect(drift(tie(""))).toEqual([]);
  });

  it.each<[string, string, Parameters<typeof runsWith>[0], string[]]>([
    ["privilege alone, not what follows from it", "", { host: { Privileged: true, SecurityOpt: ["label=disable"] } }, ["privileged: false | true"]],
    ["a read-only root", "    read_only: true\n", {}, ["read_only: true | false"]],
    ["the user", "    user: '1000'\n", {}, ["user: 1000 | root"]],
    ["groups", "    group_add: [0, audio]\n", { host: { GroupAdd: ["1000", "audio"] } }, ["group_add 0: joined | not joined", "group_add 1000: not joined | joined"]],
    ["a health check that does not run", "    healthcheck: {test: [CMD, x]}\n", {}, ["healthcheck: on | off"]],
    ["a health check that was switched off", "    healthcheck: {disable: true}\n", { config: { Healthcheck: { Test: ["CMD", "x"] } } }, ["healthcheck: off | on"]],
    ["no health check, which may be the image's", "", { config: { Healthcheck: { Test: ["CMD", "x"] } } }, []],
    ["logging", "    logging: {driver: json-file, options: {max-size: 1m}}\n", { host: { LogConfig: { Type: "none", Config: {} } } }, ["logging driver: json-file | none", "logging max-size: 1000000 bytes | none"]],
    ["how often to ask, and not how, which the image says", "    healthcheck: {interval: 5s}\n", { config: { Healthcheck: { Test: ["CMD", "x"] } } }, []],
    ["no logging, which is as the daemon says", "", { host: { LogConfig: { Type: "local", Config: { "max-size": "1m" } } } }, []],
    ["a user that neither file nor image names", "", { config: { User: "5" } }, ["user: root | 5"]],
    ["capabilities, however they are spelled", "    cap_add: [cap_net_admin, SYS_TIME]\n    cap_drop: [ALL]\n", { host: { CapAdd: ["CAP_NET_ADMIN", "CAP_SYS_ADMIN"], CapDrop: ["ALL"] } }, ["cap_add SYS_ADMIN: not added | added", "cap_add SYS_TIME: added | not added"]],
    ["security options, however they are spelled", "    security_opt: ['no-new-privileges=true', 'seccomp:unconfined', apparmor=mine]\n", { host: { SecurityOpt: ["no-new-privileges", "apparmor=mine"] } }, ["security_opt seccomp: unconfined | the engine's own"]],
    ["labels of SELinux", "    security_opt: ['label:disable']\n", {}, ["security_opt label: disabled | confined"]],
    ["system paths", "", { host: { MaskedPaths: [] } }, ["security_opt systempaths: masked | unconfined"]],
    ["namespaces", "    ipc: host\n    userns_mode: host\n", { host: { PidMode: "host" } }, ["pid: not the host's | the host's", "ipc: the host's | not the host's", "userns_mode: the host's | not the host's"]],
    ["ports", "    ports: ['8080:80', '9000-9010:90', '127.0.0.1:53:53/udp']\n", { settings: { Ports: { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8080" }], "90/tcp": [{ HostIp: "0.0.0.0", HostPort: "9003" }], "22/tcp": [{ HostIp: "::", HostPort: "22" }] } } },
      ["ports 22/tcp: not published | every interface:22", "ports 53/udp: 127.0.0.1:53 | not published", "ports 80/tcp: every interface:8080 | 127.0.0.1:8080"]],
    ["mounts, but not an image's own volumes", "    volumes: ['/a/../etc:/e:ro', './x:/x', 'data:/d']\nvolumes: {data: {}}\n", { mounts: [
      { Type: "bind", Source: "/etc", Destination: "/e", RW: true, Propagation: "rprivate" }, { Type: "bind", Source: "/srv/shop/x", Destination: "/x/", RW: true, Propagation: "rprivate" },
      { Type: "volume", Name: "f".repeat(64), Destination: "/own", RW: true }, { Type: "bind", Source: "/root", Destination: "/r", RW: true, Propagation: "rshared" }] },
    ["volumes /d: the volume shop_data | not mounted", "volumes /e: /etc of the host, read-only | /etc of the host", "volumes /r: not mounted | /root of the host, rshared"]],
    ["devices and their rules", "    devices: ['/dev/a:/dev/a:r']\n    device_cgroup_rules: ['c 1:3 r']\n", { host: { Devices: [{ PathOnHost: "/dev/a", CgroupPermissions: "rwm" }, { PathOnHost: "/dev/b", CgroupPermissions: "rwm" }] } },
      ["devices /dev/a: mapped (r) | mapped (rwm)", "devices /dev/b: not mapped | mapped (rwm)", "device_cgroup_rules c 1:3 r: allowed | not allowed"]],
    ["limits and restart", "    mem_limit: 64m\n    cpus: 0.5\n    restart: on-failure:3\n    pids_limit: 10\n", { host: { Memory: 134217728, NanoCpus: 5e8, RestartPolicy: { Name: "always" } } },
      ["mem_limit: 67108864 bytes | 134217728 bytes", "pids_limit: 10 | none", "restart: on-failure:3 | always"]],
    ["sysctls and names", "    sysctls: {net.a: 1, net.b: 1}\n    dns: [10.0.0.1]\n    extra_hosts: ['a:1.2.3.4']\n", { host: { Sysctls: { "net.a": "1", "net.b": "2" }, Dns: ["8.8.8.8"], ExtraHosts: ["a:1.2.3.4"] } },
      ["dns 10.0.0.1: named | not named", "dns 8.8.8.8: not named | named", "sysctls net.b: 1 | 2"]],
    ["nothing of an image's mount, which is read-only", "    volumes: [{type: image, source: 'tools:1', target: /t}]\n", { mounts: [{ Type: "image", Name: "tools:1", Source: "/var/lib/docker/rootfs/x", Destination: "/t", RW: false }] }, []],
  ])("says what differs: %s", (_, service, running, expected) => {
    expect(drift(tie(service, runsWith(running)))).toEqual(expected);
  });

  it.each<[string, string, Parameters<typeof runsWith>[0], Readonly<Record<string, string>>, string[]]>([
    ["a default", "    restart: ${X:-always}\n", {}, {}, [`? restart: ${DOUBT}`]],
    ["an env file", "    privileged: ${X}\n", {}, { "/srv/shop/.env": "X=true\n" }, [`? privileged: ${DOUBT}`]],
    ["no value", "    user: ${X}\n", {}, {}, ["? user: the variable X has no value and no default"]],
    ["one that is demanded", "    user: ${X:?who}\n", {}, {}, ["? user: the variable X has no value and no default"]],
    ["an element of a list, which may be the other one", "    cap_add: ['${X:-NET_ADMIN}']\n", { host: { CapAdd: ["SYS_ADMIN"] } }, {}, [`? cap_add NET_ADMIN: ${DOUBT}; cap_add SYS_ADMIN: ${DOUBT}`]],
    ["a port's address", "    ports: ['${X:-127.0.0.1}:80:80']\n", { settings: { Ports: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "80" }] } } }, {}, [`? ports 80/tcp: ${DOUBT}`]],
    ["a home folder", "    volumes: ['~/x:/x']\n", { mounts: [{ Type: "bind", Source: "/home/a/x", Destination: "/x", RW: true }] }, {}, ["? volumes /x: whose home folder ~ stands for is not known"]],
  ])("what a variable may have changed is unknown: %s", (_, service, running, files, expected) => {
    expect(drift(tie(service, runsWith(running), files))).toEqual(expected);
  });

  it.each<[string, string, Parameters<typeof runsWith>[0], string[]]>([
    ["a limit, which is none where it is withheld", "    mem_limit: ${X}\n", {}, ["mem_limit", "cpus", "pids_limit", "cpuset", "cgroup_parent", "ulimits"]],
    ["a name that is not there", "    extra_hosts: ['${X}:1.2.3.4']\n", {}, ["extra_hosts"]],
    ["capabilities", "    cap_add: ['${X}']\n", { host: { CapAdd: ["SYS_ADMIN"] } }, ["cap_add", "cap_drop"]],
    ["security options", "    security_opt: ['apparmor:${X}']\n", {}, ["security_opt no-new-privileges", "security_opt seccomp", "security_opt apparmor", "security_opt label", "security_opt systempaths"]],
  ])("what an env file fills in and differs is unknown as a whole: %s", (_, service, running, names) => {
    expect(drift(tie(service, runsWith(running), { "/srv/shop/.env": "X=123456789\n" }))).toEqual([`? ${names.map((name) => `${name}: ${DOUBT}`).join("; ")}`]);
  });

  it("what an env file fills in and agrees is no doubt", () => {
    const service = "    image: ${IMAGE}\n    mem_limit: ${MEMORY}\n    cap_add: ['${CAP}']\n    ports: ['${PORT}:80']\n    volumes: ['${DATA}/x/:/x']\n    extra_hosts: ['a:${ADDRESS}']\n    security_opt: ['apparmor:${PROFILE}']\n    restart: ${RESTART}\n";
    const tied = tie(service, runsWith({
      config: { Image: "web:2" }, host: { Memory: 67108864, CapAdd: ["CAP_NET_ADMIN"], ExtraHosts: ["a:1.2.3.4"], SecurityOpt: ["apparmor=mine"], RestartPolicy: { Name: "always" } },
      settings: { Ports: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }, { HostIp: "::", HostPort: "8080" }] } }, mounts: [{ Type: "bind", Source: "/data/x", Destination: "/x", RW: true, Propagation: "rprivate" }],
    }), { "/srv/shop/compose.yaml": `services:\n  web:\n${service}`, "/srv/shop/.env": "IMAGE=web:2\nMEMORY=64m\nCAP=net_admin\nPORT=8080\nDATA=/data\nADDRESS=1.2.3.4\nPROFILE=mine\nRESTART=always\n" });
    expect(drift(tied)).toEqual([]);
    expect(tied.origins["/capabilities/add/0"]).toMatchObject({ file: "/srv/shop/compose.yaml", line: 5 });
  });

  it("tells the first of very many differences, and how many more there are", () => {
    const told = tie(`    ports: [${Array.from({ length: 60 }, (_, index) => `'${1000 + 2 * index}'`).join(", ")}]\n`).composeDrift;
    expect([told.length, told[0], told.at(-1)]).toEqual([51, { key: "ports 1000/tcp", file: "every interface", running: "not published" }, { key: "10 more", file: "other values", running: "its own" }]);
  });

  it.each<[string, string, object, string[]]>([
    ["that the file has", "['2000-2099:1000-1099', '53:53/udp', '54:54/udp']", {}, ["ports 1000-1099/tcp: every interface:2000-2099 | not published", "ports 53/udp: every interface:53 | not published", "ports 54/udp: every interface:54 | not published"]],
    ["that runs", "[]", { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }, { HostIp: "::", HostPort: "8080" }], "81/tcp": [{ HostIp: "0.0.0.0", HostPort: "8081" }, { HostIp: "::", HostPort: "8081" }], "83/tcp": [{ HostIp: "0.0.0.0", HostPort: "8083" }] },
      ["ports 80-81/tcp: not published | every interface:8080-8081", "ports 83/tcp: not published | every interface:8083"]],
    ["of which a part agrees", "['127.0.0.1:80-84:80-84']", { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "80" }], "81/tcp": [{ HostIp: "0.0.0.0", HostPort: "81" }], "82/tcp": [{ HostIp: "127.0.0.1", HostPort: "82" }], "83/tcp": [{ HostIp: "127.0.0.1", HostPort: "9083" }] },
      ["ports 80-81/tcp: 127.0.0.1:80-81 | every interface:80-81", "ports 83/tcp: 127.0.0.1:83 | 127.0.0.1:9083", "ports 84/tcp: 127.0.0.1:84 | not published"]],
    ["that the engine chooses", "['127.0.0.1::80-81']", { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "32768" }], "81/tcp": [{ HostIp: "0.0.0.0", HostPort: "40000" }] }, ["ports 80-81/tcp: 127.0.0.1 | every interface"]],
  ])("tells a range of ports %s as one", (_, ports, running, expected) => {
    expect(drift(tie(`    ports: ${ports}\n`, runsWith({ settings: { Ports: running } })))).toEqual(expected);
  });

  it("doubts a range, and no port beside it", () => {
    expect(drift(tie("    ports: ['${X:-127.0.0.1}:80-81:80-81', '82:82']\n"))).toEqual(["ports 82/tcp: every interface:82 | not published", `? ports 80-81/tcp: ${DOUBT}`]);
  });

  it("what a variable fills in and agrees is no doubt", () => {
    expect(drift(tie("    restart: ${X:-always}\n", runsWith({ host: { RestartPolicy: { Name: "always" } } })))).toEqual([]);
  });

  it("says what runs and is in no file any more, and what cannot be known", () => {
    expect(drift(tie("", runsWith({ labels: { "com.docker.compose.service": "gone" } })))).toEqual(["service: none of that name | gone"]);
    expect(drift(tie("", runsWith(), { "/srv/shop/compose.yaml": "include: [oci://x/y]\nservices: {other: {image: a}}\n" }))).toEqual(["? its compose files have no service web, and include others that are not fetched"]);
    expect(drift(derive({ containers: [runsWith()], compose: { status: "failed", detail: "not done within 40 s", data: null } }))).toEqual(["? not done within 40 s"]);
    expect(drift(derive({ containers: [runsWith()] }))).toEqual(["? what its compose files say was not read"]);
  });

  it("is where the files say it, or would: the service, all services, or what is wrong", () => {
    const at = (container: Container): unknown => { const place = container.origins["/composeDrift"]; return place === undefined || !("file" in place) ? null : `${place.file}:${place.line}:${place.column}`; };
    expect([
      at(tie("    restart: ${X:-always}\n")), at(tie("", runsWith({ labels: { "com.docker.compose.service": "gone" } }))), at(tie("", runsWith(), { "/srv/shop/compose.yaml": "include: [oci://x/y]\nservices: {other: {image: a}}\n" })),
      at(tie("    imagine: x\n")), at(tie("", runsWith({ labels: { "com.docker.compose.project.config_files": "/srv/none.yaml" } }))), at(derive({ containers: [runsWith()] })),
    ]).toEqual(["/srv/shop/compose.yaml:2:3", "/srv/shop/compose.yaml:1:1", "/srv/shop/compose.yaml:2:1", "/srv/shop/compose.yaml:4:5", "/srv/none.yaml:1:1", null]);
  });

  it("knows another container by its own name as by the engine's, and a service by each of its replicas", () => {
    const other = (name: string, labels: object): ReturnType<typeof containerOf> => containerOf(name, { Config: { Labels: { ...LABELS, ...labels } } });
    const db = other("mine", { "com.docker.compose.service": "db" });
    const replicas = [1, 2].map((number) => other(`shop-cache-${number}`, { "com.docker.compose.service": "cache", "com.docker.compose.container-number": String(number) }));
    const answer = runsWith({ host: { NetworkMode: `container:${db.id}`, IpcMode: `container:${replicas[1]?.id ?? ""}`, PidMode: "container:elsewhere" }, settings: { Networks: {} } });
    const text = "services:\n  web: {image: 'web:1', network_mode: 'container:mine', ipc: 'service:cache', pid: 'container:other'}\n  cache: {image: c}\n";
    const made = { project: "shop", files: "/srv/shop/compose.yaml", folder: "/srv/shop", envFiles: "" };
    const compose = readMadeProjects([made], (path): FileText => (path === made.files ? { text } : { fault: "missing", reason: "" }), ASSUMED_DEFAULTS);
    expect(drift(derive({ containers: [answer, db, ...replicas], networks: NETWORKS, images: [{ Id: "sha256:1", Config: {} }], compose }))).toEqual(["pid of another container: that of other | that of elsewhere"]);
  });

  it("leaves alone what Compose did not make for a service", () => {
    const once = tie("    privileged: true\n", runsWith({ labels: { "com.docker.compose.oneoff": "True" } }));
    expect([once.madeByCompose, drift(once)]).toEqual([false, []]);
    const hook = tie("", runsWith({ labels: { "com.docker.compose.hook": "pre_start" } }));
    expect([hook.madeByCompose, drift(hook)]).toEqual([false, []]);
  });

  it("locates what agrees in the file, and leaves what differs with the engine", () => {
    const { origins } = tie("    privileged: true\n    cap_drop: [ALL]\n    environment: {DB_PASSWORD: hunter2hunter2}\n    restart: always\n", runsWith({
      host: { Privileged: true, CapDrop: ["ALL"], SecurityOpt: ["label=disable"] }, config: { Env: ["PATH=/bin", "DB_PASSWORD=[redacted:password]"] },
    }));
    const line = (at: string): unknown => { const place = origins[at]; return place === undefined ? null : "file" in place ? `${place.file}:${place.line}:${place.column}` : place.key; };
    expect(["/privileged", "/capabilities/drop/0", "/readOnlyRoot", "/environment/1", "/environment", "/restart", "/composeDrift/0", "/mounts"].map((at) => [at, line(at)])).toEqual([
      ["/privileged", "/srv/shop/compose.yaml:4:17"], ["/capabilities/drop/0", "/srv/shop/compose.yaml:5:16"], ["/readOnlyRoot", "/srv/shop/compose.yaml:2:3"],
      ["/environment/1", "/srv/shop/compose.yaml:6:32"], ["/environment", "shop-web-1 Config.Env"], ["/restart", "shop-web-1 HostConfig.RestartPolicy"],
      ["/composeDrift/0", "/srv/shop/compose.yaml:7:14"], ["/mounts", "/srv/shop/compose.yaml:2:3"],
    ]);
  });

  it("locates a port at every address that it is published at", () => {
    const { origins, ports } = tie("    ports:\n      - 80:80\n      - 127.0.0.1:90:80\n", runsWith({ settings: { Ports: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "80" }, { HostIp: "::", HostPort: "80" }, { HostIp: "127.0.0.1", HostPort: "90" }] } } }));
    const lines = ports.map(({ hostIp }, index): [string, unknown] => { const place = origins[`/ports/${index}`]; return [hostIp, place !== undefined && "file" in place ? place.line : null]; });
    expect(Object.fromEntries(lines)).toEqual({ "0.0.0.0": 5, "::": 5, "127.0.0.1": 6 });
  });

  it("leaves what only the kernel shows, and a credential that the file has not, where they are seen", () => {
    const answer = runsWith({ config: { Env: ["A_TOKEN=[redacted:token]", "B_TOKEN=[redacted:token]"] } });
    const files = "/srv/shop/compose.yaml";
    const readFile = (path: string): FileText => (path === files ? { text: "services:\n  web:\n    image: web:1\n    environment: {A_TOKEN: none, B_TOKEN: '${X}'}\n" } : { fault: "missing", reason: "" });
    const containers = [{ ...answer, inspect: { ...answer.inspect, State: { Status: "running", Running: true } } }];
    const madeBy = { project: "shop", files, folder: "/srv/shop", envFiles: "" };
    const { origins } = derive({
      containers, networks: NETWORKS, images: [{ Id: "sha256:1", Config: {} }],
      compose: readMadeProjects([madeBy], readFile, ASSUMED_DEFAULTS, [{ madeBy, service: "web", facts: derive({ containers }), securityOptions: [], groups: [] }]),
      processes: { host: {}, containers: [{ containerId: answer.id, pid: 7, uids: null, noNewPrivs: 0, seccomp: 0, capEffective: null, capPermitted: null, capBounding: null, label: null, uidMap: null, maskedPaths: null, namespaces: {}, error: null }] },
    });
    expect(["/seccomp/unconfined", "/environment/0", "/environment/1"].map((at) => origins[at])).toEqual([
      { source: "processes", key: "/proc/7/status Seccomp" }, undefined, { file: files, line: 4, column: 43, endLine: 4, endColumn: 49 },
    ]);
  });
});
