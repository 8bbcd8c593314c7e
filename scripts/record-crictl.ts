/**
 * `node scripts/record-crictl.ts CRICTL`: records test/fixtures/crictl/ from a real containerd with its CRI plugin: what `crictl` prints of a pod with two
 * containers, one well confined and one by the defaults, and of a privileged one with the host's namespaces. Needs root and what engines need in tests. To be run by hand. Debian
 * has no crictl; it is built from its Go module, in an empty one: `go get sigs.k8s.io/cri-tools@v1.35.0`, then `go build -mod=mod sigs.k8s.io/cri-tools/cmd/crictl`.
 *
 * The recording is what crictl printed, but that the folders of the test are written as those of a packaged containerd, and that of a machine's devices only some stay.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { holdNamespace } from "../test/support/hold-namespace.ts";

const FIXTURES = fileURLToPath(new URL("../test/fixtures/crictl/", import.meta.url));
const IMAGE = "registry.example/shop/web:4.2";
const PAUSE = "registry.example/pause:1";
/** A cgroup of its own, removed at the end. */
const CGROUP = "/harden-record";

const [crictl] = process.argv.slice(2);
if (crictl === undefined) throw new Error("usage: node scripts/record-crictl.ts CRICTL");
const { folder, netns, release } = await holdNamespace();

async function record(program: string): Promise<void> {
  const socket = await startContainerd();
  await run("ctr", "--address", socket, "--namespace", "k8s.io", "images", "import", await packImages());
  const ask = (...args: readonly string[]): Promise<string> => run(program, "--runtime-endpoint", `unix://${socket}`, "--image-endpoint", `unix://${socket}`, ...args);
  const listed = async (...args: readonly string[]): Promise<string[]> => (await ask(...args, "--quiet")).split("\n");
  for (const [index, { pod, containers }] of PODS.entries()) {
    const podFile = await writeJson(`pod-${index}.json`, pod);
    const id = await ask("runp", podFile);
    for (const container of containers) await ask("start", await ask("create", id, await writeJson("container.json", container), podFile));
  }
  const answers = {
    "inspect.json": await ask("inspect", ...(await listed("ps", "--all"))),
    "inspectp.json": await ask("inspectp", ...(await listed("pods"))),
    "inspecti.json": await ask("inspecti", ...(await listed("images"))),
    "ps.json": await ask("ps", "--all", "--output", "json"),
  };
  await mkdir(FIXTURES, { recursive: true });
  for (const [name, text] of Object.entries(answers)) await writeFile(join(FIXTURES, name), neutralize(text));
  await ask("rmp", "--force", "--all");
}

async function startContainerd(): Promise<string> {
  const home = join(folder, "containerd");
  const socket = join(home, "containerd.sock");
  await mkdir(join(home, "bin"), { recursive: true });
  await mkdir(join(home, "cni"));
  for (const name of ["still", "loopback"]) {
    await writeFile(join(home, "bin", name), STILL);
    await chmod(join(home, "bin", name), 0o755);
  }
  await writeFile(join(home, "cni/10-still.conflist"), JSON.stringify({ cniVersion: "0.4.0", name: "still", plugins: [{ type: "still" }] }));
  await writeFile(join(home, "config.toml"), [
    "version = 2", `root = "${home}/root"`, `state = "${home}/state"`, 'disabled_plugins = ["io.containerd.internal.v1.opt"]',
    "[grpc]", `address = "${socket}"`,
    '[plugins."io.containerd.grpc.v1.cri"]', `sandbox_image = "${PAUSE}"`, "restrict_oom_score_adj = true",
    '[plugins."io.containerd.grpc.v1.cri".cni]', `bin_dir = "${home}/bin"`, `conf_dir = "${home}/cni"`,
  ].join("\n"));
  spawn("nsenter", [`--net=${netns}`, "--", "containerd", "--config", join(home, "config.toml")], { stdio: "ignore", detached: true }).unref();
  while (!existsSync(socket)) await sleep(50);
  return socket;
}

/** A network plugin that does nothing and says that it gave an address: no packet is meant to go anywhere. */
const STILL = `#!/bin/sh
case "$CNI_COMMAND" in
VERSION) echo '{"cniVersion":"0.4.0","supportedVersions":["0.4.0"]}' ;;
ADD) echo '{"cniVersion":"0.4.0","interfaces":[{"name":"eth0","sandbox":"'"$CNI_NETNS"'"}],"ips":[{"version":"4","interface":0,"address":"10.88.0.7/16"}],"dns":{}}' ;;
*) echo '{}' ;;
esac
`;

/** Both images, of this machine's static busybox, as `docker save` would write them. */
async function packImages(): Promise<string> {
  const build = join(folder, "build");
  await mkdir(join(build, "root/bin"), { recursive: true });
  await copyFile("/usr/bin/busybox", join(build, "root/bin/sleep"));
  await run("tar", "--create", "--directory", join(build, "root"), "--file", join(build, "layer.tar"), "bin");
  const layer = (await run("sha256sum", join(build, "layer.tar"))).slice(0, 64);
  const created = "2026-11-01T00:00:00Z";
  const manifest = [];
  for (const [name, user] of [[PAUSE, ""], [IMAGE, "1000"]]) {
    const config = JSON.stringify({
      architecture: "amd64", os: "linux", created, config: { Cmd: ["/bin/sleep", "1000000"], Env: ["PATH=/bin"], User: user },
      rootfs: { type: "layers", diff_ids: [`sha256:${layer}`] }, history: [{ created, created_by: "COPY sleep /bin/sleep" }],
    });
    const file = `${createHash("sha256").update(config).digest("hex")}.json`;
    await writeFile(join(build, file), config);
    manifest.push({ Config: file, RepoTags: [name], Layers: ["layer.tar"] });
  }
  await writeFile(join(build, "manifest.json"), JSON.stringify(manifest));
  await run("tar", "--create", "--directory", build, "--file", join(folder, "images.tar"), "manifest.json", "layer.tar", ...manifest.map(({ Config: file }) => file));
  return join(folder, "images.tar");
}

interface Pod {
  readonly pod: object;
  readonly containers: readonly object[];
}

/** As the kubelet would ask for them (cri-api, PodSandboxConfig and ContainerConfig). */
const PODS: readonly Pod[] = [
  makePod("web", "0b0e6f4e-1111-4c2a-9d3b-000000000001", { network: 0, pid: 1, ipc: 0 }, {
    hostname: "web", port_mappings: [{ protocol: 0, container_port: 8080, host_port: 80 }], dns_config: { servers: ["10.96.0.10"] },
  }, {
    app: {
      linux: {
        resources: { memory_limit_in_bytes: 67_108_864, cpu_quota: 50_000, cpu_period: 100_000 },
        security_context: {
          run_as_user: { value: 1000 }, readonly_rootfs: true, no_new_privs: true, seccomp: { profile_type: 0 }, masked_paths: ["/proc/kcore", "/proc/keys"],
          readonly_paths: ["/proc/sys"], capabilities: { drop_capabilities: ["ALL"], add_capabilities: ["NET_BIND_SERVICE"] },
        },
      },
      envs: [{ key: "MODE", value: "fast" }, { key: "DB_PASSWORD", value: "correct horse battery" }],
      mounts: [{
        host_path: "/var/lib/kubelet/pods/0b0e6f4e-1111-4c2a-9d3b-000000000001/volumes/kubernetes.io~projected/kube-api-access",
        container_path: "/var/run/secrets/kubernetes.io/serviceaccount", readonly: true,
      }],
    },
    plain: {},
  }),
  makePod("agent", "0b0e6f4e-2222-4c2a-9d3b-000000000002", { network: 2, pid: 2, ipc: 2 }, {}, {
    agent: {
      linux: { security_context: { privileged: true } },
      mounts: [{ host_path: "/run/containerd/containerd.sock", container_path: "/run/containerd/containerd.sock" }, { host_path: "/", container_path: "/host", readonly: true }],
      devices: [{ host_path: "/dev/fuse", container_path: "/dev/fuse", permissions: "rwm" }],
    },
  }),
];

interface Wanted {
  readonly linux?: { readonly security_context?: object; readonly resources?: object };
  readonly [key: string]: unknown;
}

function makePod(name: string, uid: string, namespaces: object, more: object, containers: Readonly<Record<string, Wanted>>): Pod {
  const labels = { "io.kubernetes.pod.name": name, "io.kubernetes.pod.namespace": "shop", "io.kubernetes.pod.uid": uid };
  const isPrivileged = Object.values(containers).some(({ linux }) => linux?.security_context !== undefined && "privileged" in linux.security_context);
  return {
    pod: {
      metadata: { name, namespace: "shop", uid, attempt: 0 }, labels, log_directory: join(folder, "logs", name), ...more,
      linux: { cgroup_parent: `${CGROUP}/besteffort/pod${uid}`, security_context: { namespace_options: namespaces, privileged: isPrivileged } },
    },
    containers: Object.entries(containers).map(([container, { linux = {}, ...wanted }]) => ({
      metadata: { name: container, attempt: 0 }, image: { image: IMAGE }, log_path: `${container}.log`, labels: { ...labels, "io.kubernetes.container.name": container },
      annotations: { "io.kubernetes.container.restartCount": "0" }, ...wanted,
      linux: { ...linux, security_context: { ...linux.security_context, namespace_options: namespaces } },
    })),
  };
}

function neutralize(text: string): string {
  const renamed = text
    .replaceAll(`${folder}/containerd/root`, "/var/lib/containerd").replaceAll(`${folder}/containerd/state`, "/run/containerd").replaceAll(`${folder}/logs`, "/var/log/pods")
    .replaceAll(CGROUP, "/kubepods").replaceAll(/"HOSTNAME=(?!web)[^"]*"/g, '"HOSTNAME=node"');
  const isOfMachine = (key: string, value: unknown): boolean => key === "path" && typeof value === "string" && /^\/dev\/(?!fuse$|kmsg$|null$)/.test(value);
  const kept: unknown = JSON.parse(renamed, (_key, value: unknown) =>
    Array.isArray(value) ? (value as unknown[]).filter((entry) => typeof entry !== "object" || entry === null || !Object.entries(entry).some(([key, one]) => isOfMachine(key, one))) : value);
  return `${JSON.stringify(kept, null, 1)}\n`;
}

async function writeJson(name: string, value: object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(value));
  return path;
}

async function run(program: string, ...args: readonly string[]): Promise<string> {
  return (await execa("nsenter", [`--net=${netns}`, "--", program, ...args], { stdin: "ignore", timeout: 60_000 })).stdout;
}

try {
  await record(crictl);
} finally {
  await release();
  await execa("find", ["/sys/fs/cgroup", "-depth", "-type", "d", "-path", `*${CGROUP}*`, "-exec", "rmdir", "{}", ";"], { reject: false });
}
