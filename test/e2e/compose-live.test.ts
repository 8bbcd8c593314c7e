/** A compose project is judged by its files as it is judged where an engine runs it: made by Compose itself on a real engine with defaults of its own. */
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { HARDEN, scan } from "../support/harden.ts";
import { importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";

const COMPOSE = join(execFileSync(fileURLToPath(new URL("../../.ci/provision", import.meta.url)), ["where-compose"], { encoding: "utf8" }).trim(), "docker-compose");
const BRIDGE = "com.docker.network.bridge";

const DAEMON = {
  "no-new-privileges": true,
  "ip": "127.0.0.1",
  "log-opts": { "max-size": "10m" },
  "default-ulimits": { nofile: { Name: "nofile", Hard: 1024, Soft: 1024 } },
  "default-cgroupns-mode": "host",
  "default-network-opts": { bridge: { [`${BRIDGE}.host_binding_ipv4`]: "127.0.0.1" } },
};

/** Each service with one thing of its own. */
const SERVICES: Readonly<Record<string, string>> = {
  plain: "{}",
  gains: "{security_opt: ['no-new-privileges:false']}",
  confined: "{security_opt: ['no-new-privileges=true'], cap_drop: [ALL], read_only: true, user: '1000'}",
  root: "{user: '0:0'}",
  caps: "{cap_add: [cap_sys_admin, NET_ADMIN], cap_drop: [CHOWN]}",
  every: "{cap_add: [ALL]}",
  privileged: "{privileged: true}",
  open: "{security_opt: ['seccomp=unconfined', 'systempaths=unconfined']}",
  log: "{logging: {driver: json-file}}",
  logged: "{logging: {driver: local}}",
  big: "{logging: {driver: json-file, options: {max-file: '2'}}}",
  limits: "{ulimits: {nproc: 100, nofile: {soft: -1, hard: -1}}, mem_limit: 64m, cpus: 0.5, pids_limit: 50}",
  bounded: "{ulimits: {nproc: 100}, deploy: {resources: {limits: {memory: 64m, cpus: '0.5', pids: 50}}}}",
  unbounded: "{pids_limit: -1}",
  always: "{restart: always}",
  again: "{restart: 'on-failure:3'}",
  any: "{deploy: {restart_policy: {condition: any}}}",
  watched: "{healthcheck: {test: ['CMD', 'true']}}",
  unwatched: "{healthcheck: {disable: true}}",
  host: "{network_mode: host, ports: ['7001:80']}",
  none: "{network_mode: none}",
  bridge: "{network_mode: bridge, ports: ['7002:80']}",
  side: "{network_mode: 'service:host', pid: 'service:plain'}",
  spaces: "{pid: host, ipc: host, uts: host, cgroup: private}",
  published: "{ports: ['7003:80', '0.0.0.0:7004:22', '[::1]:7005:81']}",
  inner: "{networks: [inner], ports: ['7006:80']}",
  wide: "{networks: [wide], ports: ['7007:80']}",
  both: "{networks: {inner: {}, wide: {}, narrow: {}}, ports: ['7008:80']}",
  chosen: "{networks: {narrow: {}, wide: {gw_priority: 5}}, ports: ['7009:80']}",
  named: "{networks: [zeta, alpha], ports: ['7010:80']}",
  apart: "{networks: [quiet]}",
  six: "{networks: [six]}",
  subnet: "{networks: [subnet]}",
  store: "{image: 'postgres:16'}",
  etc: "{volumes: ['/etc:/host/etc:ro', '/etc/localtime:/etc/localtime:ro', '/proc/../etc/hostname:/x', 'data:/data', 'hidden:/hidden']}",
  socket: "{volumes: ['/run/docker.sock:/s']}",
  shared: "{volumes: [{type: bind, source: /mnt, target: /mnt, bind: {propagation: rslave}}]}",
  lent: "{volumes_from: ['etc:ro']}",
  device: "{devices: ['/dev/null:/dev/x:r'], device_cgroup_rules: ['c 1:3 mr', 'b 8:* rwm']}",
  kernel: "{sysctls: {net.ipv4.ip_unprivileged_port_start: '0'}}",
  names: "{dns: [8.8.8.8, 10.0.0.53], extra_hosts: ['a.example:203.0.113.7', 'host.docker.internal:host-gateway']}",
  secret: "{environment: {DB_PASSWORD: hunter2hunter2, LEVEL: info}, labels: {api.token: abcdef123456}}",
};

const DOCUMENT = `name: shop
services:
${Object.entries(SERVICES).map(([name, keys]) => `  ${name}: {<<: [${keys}, {image: 'busybox:plain'}]}`).join("\n")}
networks:
  default: {}
  inner: {internal: true}
  wide: {driver_opts: {${BRIDGE}.host_binding_ipv4: 0.0.0.0}}
  narrow: {driver_opts: {${BRIDGE}.host_binding_ipv4: 127.0.0.2}}
  alpha: {driver_opts: {${BRIDGE}.host_binding_ipv4: 0.0.0.0}}
  zeta: {}
  quiet: {driver_opts: {${BRIDGE}.enable_icc: "false"}}
  six: {enable_ipv6: true, driver_opts: {${BRIDGE}.gateway_mode_ipv4: nat-unprotected, ${BRIDGE}.gateway_mode_ipv6: routed}}
  subnet: {ipam: {config: [{subnet: 172.30.9.0/24}, {subnet: 'fd00:9::/64'}]}}
volumes:
  data: {}
  hidden: {driver_opts: {type: none, o: bind, device: /root}}
`;

/** Whether the host has that confinement is for the host to say; files are judged as if it had. */
const HOST = /^container-(apparmor-unconfined|selinux-disabled|host-cgroupns) /;

describeWith({ engine: "29", files: [COMPOSE] }, "compose on engine 29", () => {
  let engine: Engine;
  let live: Report;
  let checked: Report;

  beforeAll(async () => {
    engine = await startEngine({ version: "29", daemonJson: DAEMON, forwardingFirst: true });
    await importImages(engine);
    await engine.docker("tag", "busybox:plain", "postgres:16");
    const folder = join(engine.folder, "shop");
    await mkdir(folder);
    await writeFile(join(folder, "compose.yaml"), DOCUMENT);
    await execa(COMPOSE, ["create", "--pull", "never"], { cwd: folder, env: { ...engine.env, PATH: process.env["PATH"] ?? "" }, extendEnv: false });
    live = await scan(["--profile", "strict"], engine.env);
    const { stdout } = await execa(process.execPath, [HARDEN, "check", "compose.yaml", "../daemon.json", "--profile", "strict", "-o", "json"], {
      cwd: folder, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false,
    });
    checked = JSON.parse(stdout) as Report;
  }, 180_000);
  afterAll(async () => { await engine.stop(); });

  /** What each policy says of each resource of the project: its status, and the elements that are at fault. */
  const answers = ({ results }: Report): Map<string, string> => {
    const said = new Map<string, string[]>();
    for (const { policy, status, resource: { kind, id }, element } of results) {
      if (kind !== "container" && kind !== "network") continue;
      if (id === null || !/^shop[/_]/.test(id)) continue;
      const key = `${policy} ${id}`;
      said.set(key, [...(said.get(key) ?? []), element === null ? status : `${status} ${element}`]);
    }
    return new Map([...said].map(([key, words]) => [key, words.sort().join(", ")]));
  };

  test("the project has the same containers and networks", () => {
    const list = ({ results }: Report): string[] => [...new Set(results.flatMap(({ resource: { kind, id } }) => ((kind === "container" || kind === "network") && id?.startsWith("shop") === true ? [id] : [])))].sort();
    expect(list(checked)).toEqual(list(live));
  });

  test("what Compose has just made is what its files say", () => {
    const drift = live.results.filter(({ policy }) => policy === "container-compose-drift").map(({ resource, element, status }) => `${resource.id ?? ""} ${status} ${element ?? ""}`.trim());
    expect(drift).toEqual(Object.keys(SERVICES).sort().map((name) => `shop/${name} pass`));
  });

  test("every policy says the same of them, as far as both can tell", () => {
    const ofEngine = answers(live);
    const compared = [...answers(checked)].filter(([key, words]) => !HOST.test(key) && !`${words} ${ofEngine.get(key) ?? "unknown"}`.includes("unknown"));
    expect(compared.length).toBeGreaterThan(1000);
    expect(Object.fromEntries(compared)).toEqual(Object.fromEntries(compared.map(([key]) => [key, ofEngine.get(key)])));
  });
});
