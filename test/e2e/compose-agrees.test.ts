/** What Compose has made is what its files say, however they say it: made, run and stopped, each service with a way of its own. More: compose-live.test.ts. */
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Engine, startEngine } from "../support/engine.ts";
import { scan } from "../support/harden.ts";
import { importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";

const COMPOSE = join(execFileSync(fileURLToPath(new URL("../../.ci/provision", import.meta.url)), ["where-compose"], { encoding: "utf8" }).trim(), "docker-compose");

const SERVICES: Readonly<Record<string, string>> = {
  several: "{scale: 2, network_mode: none}",
  mine: "{container_name: mine, ipc: shareable}",
  image: "{image: 'docker.io/library/busybox:plain'}",
  spelled: "{cap_drop: [all], cap_add: [chown], security_opt: ['apparmor:unconfined', 'no-new-privileges'], ipc: private}",
  memory: "{init: true, tmpfs: [/run, '/x:size=1m,mode=700'], shm_size: 64m, volumes: [{type: tmpfs, target: /t, tmpfs: {size: 1000000}}]}",
  mounts: "{volumes: ['./z:/z:z', './rel:/rel', '/anonymous', './slash/:/slash/', {type: volume, source: data, target: /d, volume: {nocopy: true}}]}",
  volumes: "{volumes: ['external:/e', 'named:/n', 'bound:/b:ro', '/var/run/docker.sock:/s', '/tmp/../etc/hosts:/h']}",
  images: "{volumes: [{type: image, source: 'busybox:plain', target: /i}]}",
  lent: "{volumes_from: ['mounts:ro', volumes]}",
  fromRange: "{ports: ['9000-9005:80']}",
  ranges: "{ports: ['9200-9202:90-92', '9210-9212:93/udp']}",
  chosen: "{ports: ['80', '127.0.0.1::81', {target: 82, host_ip: 127.0.0.1}]}",
  manyPlaces: "{ports: ['9300:80', '9301:80', '127.0.0.1:9302:80', '[::1]:9302:80', '9303:80/udp']}",
  quota: "{cpu_quota: 50000, cpu_period: 100000, mem_limit: 64m, mem_reservation: 32m, memswap_limit: 128m}",
  cpus: "{cpus: '0.50', cpuset: '0-1', cpu_shares: 10, pids_limit: 0}",
  devices: "{devices: ['/dev/null', {source: /dev/zero, target: /dev/z, permissions: r}], device_cgroup_rules: ['a *:* rwm']}",
  joined: "{network_mode: 'container:mine', ipc: 'container:mine', depends_on: [mine]}",
  joinedReplica: "{network_mode: 'service:several', pid: 'service:mine'}",
  groups: "{group_add: [1000, '20'], user: app}",
  names: "{dns: 1.1.1.1, extra_hosts: {a: 1.2.3.4, b: '::1', c: [1.1.1.1, 2.2.2.2]}}",
  sysctls: "{sysctls: ['net.ipv4.ip_forward=1']}",
  profile: "{security_opt: ['seccomp:./profile.json', 'label:user:USER']}",
  builtin: "{security_opt: ['seccomp=builtin']}",
  secrets: "{secrets: [file, {source: home, target: /other}], configs: [file, {source: text, target: /c}]}",
  api: "{use_api_socket: true}",
  askedNever: "{healthcheck: {test: NONE}}",
  askedSeldom: "{healthcheck: {interval: 5s}}",
  askedSeldomOfImage: "{image: 'busybox:healthcheck', healthcheck: {interval: 5s}}",
  askedNotOfImage: "{image: 'busybox:healthcheck', healthcheck: {disable: true}}",
  askedOfImage: "{image: 'busybox:healthcheck', user: ''}",
  again: "{restart: on-failure}",
  unlessStopped: "{restart: unless-stopped}",
  never: "{restart: always, deploy: {restart_policy: {condition: none}}}",
  logOptions: "{logging: {options: {max-size: 5m}}}",
  noLog: "{logging: {driver: none}}",
  parent: "{cgroup_parent: mine}",
  networks: "{networks: {default: {aliases: [x]}, other: {ipv4_address: 172.31.7.9}, external: null, named: {}}}",
  modes: "{network_mode: default, annotations: {a: b}, hostname: h, oom_score_adj: 10, runtime: runc}",
  hooks: "{pre_start: [{image: 'busybox:plain', command: ['true'], privileged: true}], post_start: [{command: ['true'], user: root, privileged: true}]}",
  everything: "{privileged: true, pid: host, ipc: host, uts: host, network_mode: host, userns_mode: host}",
  profiled: "{profiles: [debug]}",
};

const DOCUMENT = `name: shop
services:
${Object.entries(SERVICES).map(([name, keys]) => `  ${name}: {<<: [${keys}, {image: 'busybox:plain', stop_grace_period: 0s}]}`).join("\n")}
networks:
  other: {ipam: {config: [{subnet: 172.31.7.0/24}]}}
  external: {external: true, name: elsewhere}
  named: {name: given}
volumes:
  data: {}
  external: {external: true, name: elsewhere}
  named: {name: given}
  bound: {driver_opts: {type: none, o: bind, device: /root}}
secrets: {file: {file: ./file.txt}, home: {environment: HOME}}
configs: {file: {file: ./file.txt}, text: {content: hello}}
`;

/** What is told of each where the files say nothing of it any more. Not of what the image or the daemon decides then. */
const TAKEN_OUT: readonly string[] = [
  "again: restart",
  "api: volumes /var/run/docker.sock",
  "askedNotOfImage: image",
  "askedOfImage: image",
  "askedSeldomOfImage: image",
  "chosen: ports 80/tcp, ports 81-82/tcp",
  "cpus: cpus, cpuset",
  "devices: device_cgroup_rules a *:* rwm, devices /dev/null, devices /dev/zero",
  "everything: ipc, network_mode, networks shop_default, pid, privileged, userns_mode, uts",
  "fromRange: ports 80/tcp",
  "groups: group_add 1000, group_add 20, user",
  "images: volumes /i",
  "joined: ipc of another container, network_mode of another container, networks shop_default",
  "joinedReplica: network_mode of another container, networks shop_default, pid of another container",
  "lent: volumes /b, volumes /d, volumes /e, volumes /h, volumes /n, volumes /rel, volumes /s, volumes /slash, volumes /z",
  "manyPlaces: ports 80/tcp, ports 80/udp",
  "memory: volumes /run, volumes /t, volumes /x",
  "modes: networks bridge, networks shop_default",
  "mounts: volumes /d, volumes /rel, volumes /slash, volumes /z",
  "names: dns 1.1.1.1, extra_hosts a:1.2.3.4, extra_hosts b:::1, extra_hosts c:1.1.1.1, extra_hosts c:2.2.2.2",
  "networks: networks elsewhere, networks given, networks shop_other",
  "parent: cgroup_parent",
  "profile: security_opt seccomp",
  "quota: cpus, mem_limit",
  "ranges: ports 90-92/tcp, ports 93/udp",
  "secrets: volumes /file, volumes /run/secrets/file",
  "several: networks shop_default",
  "several/2: networks shop_default",
  "spelled: cap_add CHOWN, cap_drop ALL, security_opt apparmor, security_opt no-new-privileges",
  "sysctls: sysctls net.ipv4.ip_forward",
  "unlessStopped: restart",
  "volumes: volumes /b, volumes /e, volumes /h, volumes /n, volumes /s",
];

describeWith({ engine: "29", files: [COMPOSE] }, "compose on engine 29", () => {
  let engine: Engine;
  let folder: string;

  const compose = async (...args: readonly string[]): Promise<unknown> =>
    execa(COMPOSE, ["--profile", "debug", ...args], { cwd: folder, env: { ...engine.env, HOME: "/root", PATH: process.env["PATH"] ?? "" }, extendEnv: false });
  const drift = async (): Promise<string[]> => {
    const { results } = await scan([], engine.env);
    return results.filter(({ policy, resource }) => policy === "container-compose-drift" && resource.id?.startsWith("shop/") === true).map(({ resource, status, message }) => `${resource.id ?? ""} ${status === "pass" ? status : message}`);
  };
  const agreed = [...Object.keys(SERVICES), "several/2"].sort().map((name) => `shop/${name} pass`);

  beforeAll(async () => {
    engine = await startEngine({ version: "29" });
    await importImages(engine);
    await engine.docker("network", "create", "elsewhere");
    await engine.docker("volume", "create", "elsewhere");
    folder = join(engine.folder, "shop");
    await mkdir(folder);
    await Promise.all([["compose.yaml", DOCUMENT], ["file.txt", "x"], ["profile.json", '{"defaultAction":"SCMP_ACT_ALLOW"}']].map(([name = "", text = ""]) => writeFile(join(folder, name), text)));
    await compose("create", "--pull", "never");
  }, 180_000);
  afterAll(async () => { await engine.stop(); });

  test("nothing differs of what is made", async () => {
    expect(await drift()).toEqual(agreed);
  });

  test("nothing differs of what runs", { timeout: 180_000 }, async () => {
    await compose("up", "--detach", "--pull", "never", "--no-recreate");
    expect(await drift()).toEqual(agreed);
  });

  test("what is taken out of the files is told", async () => {
    const bare = Object.keys(SERVICES).map((name) => `  ${name}: {image: 'busybox:plain'}\n`);
    await writeFile(join(folder, "compose.yaml"), `name: shop\nservices:\n${bare.join("")}`);
    const { results } = await scan([], engine.env);
    await writeFile(join(folder, "compose.yaml"), DOCUMENT);
    const told = results.filter(({ policy, status, resource }) => policy === "container-compose-drift" && status !== "pass" && resource.id?.startsWith("shop/") === true);
    const byService = Map.groupBy(told, ({ resource }) => (resource.id ?? "").slice("shop/".length));
    expect([...byService].map(([name, list]) => `${name}: ${list.map(({ element, message }) => element ?? message).join(", ")}`)).toEqual(TAKEN_OUT);
  });

  test("nothing differs of what has run", { timeout: 180_000 }, async () => {
    await compose("stop", "--timeout", "0");
    expect(await drift()).toEqual(agreed);
  });
});
