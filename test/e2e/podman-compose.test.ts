/** What Compose has made by podman's API is what its files say, as far as podman tells. */
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scan } from "../support/harden.ts";
import { importImage } from "../support/images.ts";
import { PODMAN_NEEDS, type Podman, startPodman } from "../support/podman.ts";
import { describeWith } from "../support/requirements.ts";

const COMPOSE = join(execFileSync(fileURLToPath(new URL("../../.ci/provision", import.meta.url)), ["where-compose"], { encoding: "utf8" }).trim(), "docker-compose");

const SERVICES: Readonly<Record<string, string>> = {
  plain: "{}",
  confined: "{read_only: true, user: '1000', cap_drop: [ALL], cap_add: [chown], security_opt: ['no-new-privileges:true']}",
  granted: "{cap_add: [CHOWN, NET_ADMIN], cap_drop: [MKNOD]}",
  privileged: "{privileged: true}",
  unconfined: "{security_opt: ['seccomp=unconfined']}",
  published: "{ports: ['8080-8082:80-82', '127.0.0.1:8083:83/udp', '84']}",
  mounts: "{volumes: ['/etc:/e:ro', 'data:/d', '/anonymous', './rel:/r'], tmpfs: [/t]}",
  limits: "{mem_limit: 64m, cpus: 0.5, pids_limit: 50, ulimits: {nofile: 1000}}",
  host: "{network_mode: host, pid: host, uts: host}",
  none: "{network_mode: none, restart: always}",
  joined: "{network_mode: 'service:plain'}",
  watched: "{healthcheck: {test: ['CMD', 'true']}, logging: {driver: json-file, options: {max-size: 1m}}}",
  devices: "{devices: ['/dev/null:/dev/x:r'], group_add: [1000]}",
  names: "{dns: 1.1.1.1, extra_hosts: {a: 1.2.3.4}, networks: [other]}",
  shortName: "{image: 'busybox:plain'}",
  kernel: "{sysctls: {net.core.somaxconn: '1024'}}",
};

const DOCUMENT = `name: shop
services:
${Object.entries(SERVICES).map(([name, keys]) => `  ${name}: {<<: [${keys}, {image: 'localhost/busybox:plain'}]}`).join("\n")}
networks: {other: {}}
volumes: {data: {}}
`;

describeWith({ ...PODMAN_NEEDS, files: [...(PODMAN_NEEDS.files ?? []), COMPOSE] }, "compose on podman", () => {
  let podman: Podman;
  let folder: string;

  beforeAll(async () => {
    podman = await startPodman();
    await importImage(podman, "busybox:plain", []);
    folder = join(podman.folder, "shop");
    await mkdir(folder);
    await writeFile(join(folder, "compose.yaml"), DOCUMENT);
    await execa(COMPOSE, ["create", "--pull", "never"], { cwd: folder, env: { ...podman.env, PATH: process.env["PATH"] ?? "" }, extendEnv: false });
  }, 180_000);
  afterAll(async () => { await podman.stop(); });

  const drift = async (): Promise<string[]> => {
    const { results } = await scan([], podman.env);
    return results.filter(({ policy, status }) => policy === "container-compose-drift" && status !== "pass").map(({ resource, status, message }) => `${status} ${resource.id ?? ""} ${message.split(": ").slice(status === "unknown" ? 2 : 1).join(": ")}`);
  };

  test("nothing differs", async () => {
    expect(await drift()).toEqual(["unknown shop/kernel sysctls net.core.somaxconn: podman does not tell it of a container that was not made by `podman run` or `podman create`"]);
  });

  test("what differs is told", async () => {
    await writeFile(join(folder, "compose.yaml"), DOCUMENT.replace("NET_ADMIN", "SYS_TIME").replace("privileged: true", "privileged: false").replace("pids_limit: 50", "pids_limit: 60").replace("max-size: 1m", "max-size: 2m").replace("nofile: 1000", "nproc: 9"));
    expect((await drift()).filter((line) => line.startsWith("fail"))).toEqual([
      "fail shop/granted capability NET_ADMIN: the compose file says not granted, what runs has granted",
      "fail shop/granted capability SYS_TIME: the compose file says granted, what runs has not granted",
      "fail shop/limits pids_limit: the compose file says 60, what runs has 50",
      "fail shop/privileged privileged: the compose file says false, what runs has true",
      "fail shop/watched logging max-size: the compose file says 2000000 bytes, what runs has 1000000 bytes",
    ]);
  });
});
