import { describe, expect, test } from "vitest";
import type { Container } from "../../../src/facts/model/container.ts";
import { deriveCrictl, readCrictl } from "../../support/crictl.ts";

const CONTAINERD = readCrictl("inspect") + readCrictl("inspectp");
const CRIO = readCrictl("crio");

async function one(text: string, id: string): Promise<Container> {
  const containers = await deriveCrictl(text);
  const container = containers[id];
  if (container === undefined) throw new Error(`no ${id} among ${Object.keys(containers).join(", ")}`);
  return container;
}

const DEFAULTS = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE", "NET_RAW", "SYS_CHROOT", "MKNOD", "AUDIT_WRITE", "SETFCAP"];

describe("containers of containerd, as recorded", () => {
  test("all are there, by pod", async () => {
    expect(Object.keys(await deriveCrictl(CONTAINERD))).toEqual(["shop/agent/agent", "shop/web/app", "shop/web/plain"]);
  });

  test("one that is well confined", async () => {
    expect(await one(CONTAINERD, "shop/web/app")).toMatchObject({
      name: "shop/web/app", state: "running", running: true, privileged: false, user: { spec: "1000:0", root: false, hostRoot: false }, noNewPrivileges: true,
      capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"], dropsAll: true, effective: ["NET_BIND_SERVICE"] },
      seccomp: { available: true, unconfined: false }, systemPathsUnconfined: false, readOnlyRoot: true,
      hostNetwork: false, hostPid: false, hostIpc: false, hostUts: false, hostUserns: false,
      ports: [{ key: "0.0.0.0:80->8080/tcp", protocol: "tcp", containerPort: 8080, hostIp: "0.0.0.0", hostPort: 80, scope: "any" }],
      dns: [{ address: "10.96.0.10", scope: "private" }], sysctls: [], devices: [], deviceCgroupRules: [],
      mounts: [{ target: "/var/run/secrets/kubernetes.io/serviceaccount", type: "volume", paths: [], readOnly: true, propagation: "rprivate" }],
      limits: { memory: 67_108_864, cpus: 0.5, cpuset: null, pids: null, cgroupParent: null, ulimits: [] },
      image: { reference: "registry.example/shop/web:4.2", tag: "4.2", digest: null },
    });
  });

  test("one by the defaults", async () => {
    expect(await one(CONTAINERD, "shop/web/plain")).toMatchObject({
      privileged: false, user: { spec: "1000:0" }, noNewPrivileges: false, capabilities: { add: [], drop: [], dropsAll: false, effective: DEFAULTS },
      seccomp: { unconfined: true }, systemPathsUnconfined: true, readOnlyRoot: false, hostNetwork: false, hostPid: false, hostIpc: false, hostUts: false,
      mounts: [], devices: [], deviceCgroupRules: [], limits: { memory: null, cpus: null },
    });
  });

  test("a privileged one with the host's namespaces", async () => {
    const agent = await one(CONTAINERD, "shop/agent/agent");
    expect(agent).toMatchObject({
      privileged: true, seccomp: { unconfined: true }, systemPathsUnconfined: true, hostNetwork: true, hostPid: true, hostIpc: true, hostUts: true, ports: [],
      devices: [{ key: "every device", type: "all" }, { key: "/dev/fuse", path: "/dev/fuse", permissions: "rwm" }], deviceCgroupRules: [],
      mounts: [
        { target: "/host", source: "/", paths: ["/"], readOnly: true, type: "bind" },
        { target: "/run/containerd/containerd.sock", paths: ["/run/containerd/containerd.sock", "/var/run/containerd/containerd.sock"], readOnly: false },
      ],
    });
    expect(agent.capabilities.effective).toContain("SYS_ADMIN");
    expect(agent.origins["/hostPid"]).toEqual({ source: "containers", key: "shop/agent/agent info.config.linux.security_context.namespace_options.pid" });
    expect(agent.origins["/noNewPrivileges"]).toEqual({ source: "containers", key: "shop/agent/agent info.runtimeSpec.process.noNewPrivileges" });
  });

  test("what crictl does not tell is unknown, and more of it without the pods", async () => {
    const always = [
      "/apparmor/available", "/cgroupNamespace/available", "/extraHosts", "/healthcheck", "/kernelDrift", "/limits/pids", "/listeners", "/logging", "/networks", "/restart", "/selinux/available",
    ];
    expect(Object.keys((await one(CONTAINERD, "shop/web/app")).unknown).sort()).toEqual(always);
    expect(Object.keys((await one(readCrictl("inspect"), "shop/web/app")).unknown).sort()).toEqual([...always, "/dns", "/ports", "/sysctls"].sort());
  });
});

describe("containers of CRI-O, by its source", () => {
  test("all are there, and of one that was started anew the last has the name", async () => {
    const containers = await deriveCrictl(CRIO);
    expect(Object.entries(containers).map(([id, { state }]) => [id, state])).toEqual([
      ["shop/node/exporter", "running"], ["shop/web/app", "running"], ["shop/web/app/0", "exited"], ["shop/web/side", "running"],
    ]);
  });

  test("one that is well confined", async () => {
    const app = await one(CRIO, "shop/web/app");
    expect(app).toMatchObject({
      privileged: false, user: { spec: "1001:1001", hostRoot: false }, noNewPrivileges: true, capabilities: { add: [], dropsAll: true, effective: [] },
      seccomp: { unconfined: false }, apparmor: { available: false }, selinux: { available: true, disabled: false }, systemPathsUnconfined: false, readOnlyRoot: true,
      hostNetwork: false, hostPid: false, hostIpc: false, hostUts: false, cgroupNamespace: { available: true, host: false },
      ports: [{ key: "192.0.2.1:53->53/udp", scope: "address" }, { key: "0.0.0.0:9443->8443/tcp" }, { key: "[::]:9443->8443/tcp" }],
      sysctls: [{ name: "kernel.shm_rmid_forced", value: "1" }], deviceCgroupRules: [],
      mounts: [{ target: "/data", type: "volume", paths: [] }, { target: "/etc/hosts", type: "volume", paths: [] }],
      limits: { memory: 268_435_456, cpus: 0.2, pids: 1024, ulimits: ["nofile", "nproc"] },
    });
    expect(Object.keys(app.unknown).sort()).toEqual(["/capabilities/drop", "/dns", "/extraHosts", "/healthcheck", "/kernelDrift", "/listeners", "/logging", "/networks", "/restart"]);
  });

  test("one that is not", async () => {
    const side = await one(CRIO, "shop/web/side");
    expect(side).toMatchObject({
      user: { spec: "0:0", root: true, hostRoot: true }, capabilities: { add: [], dropsAll: false }, seccomp: { unconfined: true }, selinux: { available: true, disabled: true },
      devices: [{ key: "/dev/fuse", permissions: "rwm" }], deviceCgroupRules: [{ key: "b 8:* r", rule: "b 8:* r" }],
      mounts: [{ target: "/sock", paths: ["/run/crio/crio.sock", "/var/run/crio/crio.sock"], readOnly: true }], limits: { memory: null },
    });
    expect(side.unknown["/capabilities/dropsAll"]).toMatch(/^of this runtime/);
    expect(side.environment.map(({ key }) => key).slice(0, 3)).toEqual(["PATH", "DOCKER_HOST", "command argument 1"]);
  });

  test("a privileged one with the host's namespaces, whose root is mapped", async () => {
    const exporter = await one(CRIO, "shop/node/exporter");
    expect(exporter).toMatchObject({
      privileged: true, user: { root: true, hostRoot: false }, capabilities: { add: ["SYS_PTRACE", "SYS_ADMIN"] },
      hostNetwork: true, hostPid: true, hostIpc: true, hostUts: true, ports: [], devices: [{ key: "every device" }], deviceCgroupRules: [],
    });
  });

  test("whose namespace a process's path is hangs on the pod", async () => {
    const alone = CRIO.slice(0, CRIO.indexOf('{\n "status": {\n  "id": "a1'));
    const exporter = await one(alone, "shop/node/exporter");
    expect([exporter.hostNetwork, exporter.hostIpc, exporter.unknown["/hostIpc"]]).toEqual([
      true, false, "whose ipc namespace it has is not told by its path; it belongs to the pod, of which crictl inspectp tells, and that was not given",
    ]);
  });
});

test("a quiet answer names the container, and tells nothing", async () => {
  const [{ status }] = JSON.parse(readCrictl("inspect")) as [{ status: object }];
  const containers = await deriveCrictl(JSON.stringify({ status }));
  expect(Object.values(containers).map(({ id, unknown }) => [id, unknown])).toEqual([
    ["shop/agent/agent", { "": "crictl was asked without info.runtimeSpec, which crictl inspect prints unless it is told to be quiet" }],
  ]);
});

test("one of another system is not taken for one that shares everything", async () => {
  const [{ status, info }] = JSON.parse(readCrictl("inspect")) as [{ status: object; info: { runtimeSpec: object } }];
  const containers = await deriveCrictl(JSON.stringify({ status, info: { ...info, runtimeSpec: { ...info.runtimeSpec, linux: undefined, windows: {} } } }));
  expect(Object.values(containers).map(({ unknown }) => unknown)).toEqual([{ "": "it is no container of Linux: info.runtimeSpec has nothing for it" }]);
});

describe("whose of a pod a published port is", () => {
  const PORT = "0.0.0.0:80->8080/tcp";
  const HASH = { "io.kubernetes.container.hash": "5f3a" };
  const declared = (...ports: readonly unknown[]): Record<string, string> => ({ ...HASH, "io.kubernetes.container.ports": JSON.stringify(ports) });

  /** The ports of the pod's containers, where the kubelet wrote this on `app` and that on `plain`. */
  async function portsOf(app: Readonly<Record<string, string>>, plain: Readonly<Record<string, string>>): Promise<readonly (readonly string[] | undefined)[]> {
    const written: Readonly<Record<string, Readonly<Record<string, string>>>> = { app, plain };
    const answers = JSON.parse(readCrictl("inspect")) as { status: { labels: Record<string, string>; annotations: Record<string, string> } }[];
    for (const { status } of answers) Object.assign(status.annotations, written[status.labels["io.kubernetes.container.name"] ?? ""]);
    const containers = await deriveCrictl(JSON.stringify(answers) + readCrictl("inspectp"));
    return ["shop/web/app", "shop/web/plain"].map((id) => containers[id]?.ports.map(({ key }) => key));
  }

  test.each([
    ["the one's that declares it", declared({ name: "http", hostPort: 80, containerPort: 8080, protocol: "TCP" }), HASH, [[PORT], []]],
    ["the other's", declared({ containerPort: 9090, protocol: "TCP" }), declared({ hostPort: 80, containerPort: 8080 }), [[], [PORT]]],
    ["not that of another protocol", declared({ hostPort: 80, containerPort: 8080, protocol: "UDP" }), declared({ hostPort: 80, containerPort: 8080, protocol: "TCP" }), [[], [PORT]]],
    ["each one's where nobody tells", {}, {}, [[PORT], [PORT]]],
    ["and where what is written is no list", { ...HASH, "io.kubernetes.container.ports": "[{" }, HASH, [[PORT], []]],
  ])("%s", async (_name, app, plain, expected) => {
    expect(await portsOf(app, plain)).toEqual(expected);
  });
});
