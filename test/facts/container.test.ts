import { describe, expect, it } from "vitest";
import { deriveContainers } from "../../src/facts/container.ts";
import type { Container } from "../../src/facts/model/container.ts";
import type { ProcessData } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

/** The facts of a container that differs from the engine's defaults in `changes`, on a host that differs in `given`. */
function derive(changes: Record<string, unknown> = {}, given: Parameters<typeof snapshotOf>[0] = {}): Container {
  return only(snapshotOf({ ...given, containers: [containerOf("web", changes)] }));
}

function only(snapshot: ReturnType<typeof snapshotOf>): Container {
  const [container] = deriveContainers(snapshot).resources;
  if (container === undefined) throw new Error("no container was derived");
  return container;
}

function running(changes: Partial<ProcessData> = {}): Parameters<typeof snapshotOf>[0] {
  const process: ProcessData = {
    containerId: "web".padEnd(64, "0"), pid: 4242, uids: [1000, 1000, 1000, 1000], noNewPrivs: 1, seccomp: 2,
    capEffective: "0", capPermitted: "0", capBounding: "0", label: null, uidMap: "0 0 4294967295", maskedPaths: [],
    namespaces: { net: "net:[2]", pid: "pid:[2]", ipc: "ipc:[2]", uts: "uts:[2]" }, error: null, ...changes,
  };
  return { processes: { host: { net: "net:[1]", pid: "pid:[1]", ipc: "ipc:[1]", uts: "uts:[1]" }, containers: [process] } };
}

function withInfo(...securityOptions: string[]): Parameters<typeof snapshotOf>[0] {
  return {
    engine: {
      endpoint: "unix:///var/run/docker.sock", local: true, localReason: "", pid: 100,
      info: { SecurityOptions: securityOptions, CgroupVersion: "2" }, version: {},
    },
  };
}

function fail(): never {
  throw new Error("the test's own snapshot lacks a part");
}

const securityOpt = (...options: string[]): Record<string, unknown> => ({ HostConfig: { SecurityOpt: options } });

describe("user", () => {
  it.each(["", "0", "00", "0:0", "root", "root:root", "0:1000"])("takes %j for the host's root", (User) => {
    expect(derive({ Config: { User } }).user).toEqual({ spec: User, root: true, hostRoot: true });
  });

  it.each(["1000", "1000:0", "nobody", "app:app"])("takes %j for another user", (User) => {
    expect(derive({ Config: { User } }).user).toEqual({ spec: User, root: false, hostRoot: false });
  });

  it("is not the host's root where users are remapped, unless the container opts out", () => {
    const host = withInfo("name=userns");
    expect(derive({}, host).user.hostRoot).toBe(false);
    expect(derive({ HostConfig: { UsernsMode: "host" } }, host).user.hostRoot).toBe(true);
    expect(derive({ HostConfig: { UsernsMode: "host" } }, host).hostUserns).toBe(true);
  });

  it("is not the host's root on a rootless engine", () => {
    expect(derive({}, withInfo("name=rootless")).user.hostRoot).toBe(false);
  });

  it("follows the kernel, whatever was configured", () => {
    expect(derive({ Config: { User: "1000" } }, running({ uids: [0, 0, 0, 0] })).user.hostRoot).toBe(true);
    expect(derive({ Config: { User: "" } }, running({ uids: [999, 999, 999, 999] })).user.hostRoot).toBe(false);
    expect(derive({ Config: { User: "1000" } }, running({ uids: [1000, 1000, 0, 1000] })).user.hostRoot).toBe(true);
  });

  it("is unknown for root where docker info was not read", () => {
    const engine = { status: "failed" as const, detail: "died", data: null };
    expect(derive({}, { engine }).unknown["/user/hostRoot"]).toContain("docker info");
  });
});

describe("no-new-privileges", () => {
  it.each(["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true", "no-new-privileges=1"])("%s sets it", (option) => {
    expect(derive(securityOpt(option)).noNewPrivileges).toBe(true);
  });

  it.each(["no-new-privileges:false", "no-new-privileges=false"])("%s unsets it, also against the daemon's default", (option) => {
    expect(derive(securityOpt(option), withInfo("name=no-new-privileges")).noNewPrivileges).toBe(false);
  });

  it("takes the daemon's default where the container says nothing", () => {
    expect(derive({}, withInfo("name=no-new-privileges")).noNewPrivileges).toBe(true);
    expect(derive({}).noNewPrivileges).toBe(false);
  });

  it("takes the daemon's flag where docker info does not list it, as before API 1.43", () => {
    const engine = { endpoint: "unix:///x", local: true, localReason: "", pid: 100, info: { SecurityOptions: [], CgroupVersion: "2" }, version: { ApiVersion: "1.41" } };
    const daemon = { ...(snapshotOf().sources.daemon.data ?? fail()), commandLine: ["/usr/sbin/dockerd", "--no-new-privileges"] };
    expect(derive({}, { engine, daemon }).noNewPrivileges).toBe(true);
    expect(derive(securityOpt("no-new-privileges=false"), { engine, daemon }).noNewPrivileges).toBe(false);
  });

  it("believes the kernel when it shows less", () => {
    const container = derive(securityOpt("no-new-privileges"), running({ noNewPrivs: 0 }));
    expect(container.noNewPrivileges).toBe(false);
    expect(container.origins["/noNewPrivileges"]).toEqual({ source: "processes", key: "/proc/4242/status NoNewPrivs" });
  });
});

describe("capabilities", () => {
  it("normalises prefix and case", () => {
    const { capabilities } = derive({ HostConfig: { CapAdd: ["cap_sys_admin", "Net_Admin"], CapDrop: ["cap_all"] } });
    expect(capabilities).toEqual({ add: ["SYS_ADMIN", "NET_ADMIN"], drop: ["ALL"], dropsAll: true, effective: ["NET_ADMIN", "SYS_ADMIN"] });
  });

  it("does not count a drop of ALL that an addition of ALL undoes", () => {
    const { capabilities } = derive({ HostConfig: { CapAdd: ["ALL"], CapDrop: ["ALL"] } });
    expect(capabilities.dropsAll).toBe(false);
    expect(capabilities.effective).toHaveLength(41);
  });

  it("keeps the engine's 14 by default", () => {
    expect(derive().capabilities.effective).toEqual([
      "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_BIND_SERVICE", "NET_RAW", "SYS_CHROOT",
      "MKNOD", "AUDIT_WRITE", "SETFCAP",
    ]);
  });

  it("adds what the kernel's bounding set has besides", () => {
    const { capabilities, origins } = derive({ HostConfig: { CapDrop: ["ALL"] } }, running({ capBounding: "0000000000200000" }));
    expect(capabilities.effective).toEqual(["SYS_ADMIN"]);
    expect(origins["/capabilities/effective"]).toEqual({ source: "processes", key: "/proc/4242/status CapBnd" });
  });
});

describe("namespaces", () => {
  it("follows container: to the host, through several containers", () => {
    const snapshot = snapshotOf({
      containers: [
        containerOf("a", { HostConfig: { NetworkMode: "container:b" } }),
        containerOf("b", { HostConfig: { NetworkMode: `container:${"c".padEnd(64, "0")}` } }),
        containerOf("c", { HostConfig: { NetworkMode: "host" } }),
      ],
    });
    expect(deriveContainers(snapshot).resources.map((container) => container.hostNetwork)).toEqual([true, true, true]);
    expect(deriveContainers(snapshot).resources[0]?.joinedNamespaces).toEqual([{ key: "network", namespace: "network", container: "b" }]);
  });

  it("is unknown where the joined container is not there, and ends on a circle", () => {
    expect(derive({ HostConfig: { NetworkMode: "container:gone" } }).unknown["/hostNetwork"]).toBeDefined();
    const circle = snapshotOf({
      containers: [containerOf("a", { HostConfig: { PidMode: "container:b" } }), containerOf("b", { HostConfig: { PidMode: "container:a" } })],
    });
    expect(deriveContainers(circle).resources.map((container) => container.unknown["/hostPid"] !== undefined)).toEqual([true, true]);
  });

  it("believes the kernel when it shows a shared namespace", () => {
    const container = derive({}, running({ namespaces: { net: "net:[1]", pid: "pid:[2]" } }));
    expect([container.hostNetwork, container.hostPid]).toEqual([true, false]);
    expect(container.origins["/hostNetwork"]).toEqual({ source: "processes", key: "/proc/4242/ns/net" });
  });
});

describe("mounts", () => {
  const bind = (Source: string, Destination: string, RW = true): Record<string, unknown> => ({
    Mounts: [{ Type: "bind", Source, Destination, RW, Propagation: "rprivate" }],
  });

  it("spells /run both ways and resolves dots", () => {
    expect(derive(bind("/var/run/../run/docker.sock", "/x")).mounts[0]?.paths).toEqual(["/run/docker.sock", "/var/run/docker.sock"]);
  });

  it("adds where symlinks lead", () => {
    const files = snapshotOf().sources.files.data;
    if (files === null) throw new Error("no files");
    const mounts = derive(bind("/srv/link", "/x"), { files: { ...files, realPaths: { "/srv/link": "/etc" } } }).mounts;
    expect(mounts[0]?.paths).toEqual(["/etc", "/srv/link"]);
  });

  it("takes a volume with bind options for its device, and a plain one for no host path", () => {
    const volume = { Mounts: [{ Type: "volume", Name: "conf", Source: "/var/lib/docker/volumes/conf/_data", Destination: "/etc", RW: true }] };
    expect(derive(volume).mounts[0]).toMatchObject({ paths: [], source: "conf", via: "volume" });
    const options = { Options: { type: "none", o: "bind,ro", device: "/etc" } };
    expect(derive(volume, { volumes: [{ Name: "conf", ...options }] }).mounts[0]).toMatchObject({ paths: ["/etc"], source: "/etc", via: "driver_opts" });
  });

  it("does not know a volume's paths where volumes were not read", () => {
    const volume = { Mounts: [{ Type: "volume", Name: "conf", Destination: "/etc", RW: true }] };
    const container = derive(volume, { volumes: { status: "failed", detail: "HTTP 500", data: null } });
    expect(container.unknown["/mounts/0/paths"]).toContain("HTTP 500");
  });
});

describe("confinement", () => {
  it.each(["seccomp=unconfined", "seccomp:unconfined"])("%s switches seccomp off", (option) => {
    expect(derive(securityOpt(option)).seccomp.unconfined).toBe(true);
  });

  it("takes the engine's own profile, builtin since 23, for confinement", () => {
    expect(derive({}, withInfo("name=seccomp,profile=builtin")).seccomp).toEqual({ available: true, unconfined: false });
    expect(derive({}, withInfo("name=seccomp,profile=default")).seccomp).toEqual({ available: true, unconfined: false });
    expect(derive({}, withInfo("name=seccomp,profile=unconfined")).seccomp).toEqual({ available: true, unconfined: true });
  });

  it("asks for an LSM only where the host has it", () => {
    expect(derive(securityOpt("apparmor=unconfined"), withInfo("name=apparmor")).apparmor).toEqual({ available: true, unconfined: true });
    expect(derive(securityOpt("apparmor=unconfined")).apparmor.available).toBe(false);
    expect(derive(securityOpt("label:disable"), withInfo("name=selinux")).selinux).toEqual({ available: true, disabled: true });
    expect(derive(securityOpt("label=level:s0:c1"), withInfo("name=selinux")).selinux).toEqual({ available: true, disabled: false });
  });

  it("knows that a privileged container has none", () => {
    const container = derive({ HostConfig: { Privileged: true } }, withInfo("name=apparmor", "name=seccomp,profile=builtin", "name=selinux"));
    expect([container.seccomp.unconfined, container.apparmor.unconfined, container.selinux.disabled, container.systemPathsUnconfined]).toEqual([
      true, true, true, true,
    ]);
  });
});

describe("identity", () => {
  const labels = (project: string, service: string, number: string): Record<string, unknown> => ({
    Config: {
      Labels: { "com.docker.compose.project": project, "com.docker.compose.service": service, "com.docker.compose.container-number": number },
    },
  });

  it("is PROJECT/SERVICE from the labels, with /N from the second replica on, else the name", () => {
    const containers = [
      containerOf("shop-web-1", labels("shop", "web", "1")), containerOf("shop-web-2", labels("shop", "web", "2")), containerOf("plain"),
    ];
    const resources = deriveContainers(snapshotOf({ containers })).resources;
    expect(resources.map(({ id, name }) => [id, name])).toEqual([["shop/web", "web"], ["shop/web/2", "web"], ["plain", "plain"]]);
  });

  it("keeps a container that could not be inspected, with nothing known of it", () => {
    const containers = [{ id: "x".padEnd(64, "0"), name: "broken", inspect: null, error: "HTTP 500" }];
    expect(only(snapshotOf({ containers })).unknown).toEqual({ "": "HTTP 500" });
  });
});

it("tells why there are no containers when the engine did not answer", () => {
  const engine = { status: "denied" as const, detail: "no permission", data: null };
  const containers = { status: "denied" as const, detail: "no permission", data: null };
  expect(deriveContainers(snapshotOf({ engine, containers }))).toEqual({ resources: [], source: { status: "denied", detail: "no permission" } });
});
