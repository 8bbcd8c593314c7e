import { describe, expect, it } from "vitest";
import { deriveContainers } from "../../src/facts/container.ts";
import { derive, only, running, securityOpt, withInfo } from "../support/container-facts.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

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

  it("does not know where a source leads that cannot be looked at, though the name as given may already tell", () => {
    const files = snapshotOf().sources.files.data;
    if (files === null) throw new Error("no files");
    const { mounts, unknown } = derive(bind("/root/link", "/x"), { files: { ...files, realPaths: { "/root/link": null } } });
    expect(mounts[0]?.paths[0]).toBe("/root/link");
    expect(Object.keys(unknown)).toEqual(["/mounts/0/paths/1"]);
  });

  it("does not know where any source leads on a host whose files were not looked at", () => {
    const away = { status: "absent" as const, detail: "the engine is not on this host: tcp", data: null };
    expect(derive(bind("/srv/data", "/x"), { files: away }).unknown).toEqual({ "/mounts/0/paths/1": "where /srv/data leads to could not be looked at: the engine is not on this host: tcp" });
  });

  it("takes an engine's own sockets by every name", () => {
    const files = snapshotOf().sources.files.data;
    const engine = snapshotOf().sources.engine.data;
    if (files === null || engine === null) throw new Error("no files or engine");
    const container = derive({}, {
      files: { ...files, realPaths: { "/srv/link/engine.sock": "/data/engine.sock" } }, engine: { ...engine, endpoint: "unix:///srv/link/engine.sock" },
    });
    expect(container.engineSockets).toEqual(["/data/engine.sock", "/srv/link/engine.sock"]);
  });

  it("does not know all of an engine's own sockets where it is not known how that was configured", () => {
    const unread = snapshotOf({ containers: [containerOf("web")], daemon: { status: "denied", detail: "it may not be read", data: null } });
    const [container] = deriveContainers(unread).resources;
    expect([container?.engineSockets, container?.unknown["/engineSockets"]]).toEqual([["/run/docker.sock", "/var/run/docker.sock"], "it may not be read"]);
    expect(deriveContainers(snapshotOf({ containers: [containerOf("web")] })).resources[0]?.unknown["/engineSockets"]).toBeUndefined();
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

  it("knows that the host's pid or ipc namespace, and an unconfined type, end SELinux separation unless labels say otherwise", () => {
    const disabled = (HostConfig: Record<string, unknown>): boolean => derive({ HostConfig }, withInfo("name=selinux")).selinux.disabled;
    expect([disabled({ PidMode: "host" }), disabled({ IpcMode: "host" }), disabled({ SecurityOpt: ["label=type:spc_t"] })]).toEqual([true, true, true]);
    expect(disabled({ PidMode: "host", SecurityOpt: ["label=type:svirt_lxc_net_t"] })).toBe(false);
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

  it("calls a container by its own name where its labels do not make its id", () => {
    const containers = [
      containerOf("one", labels("", "victim", "1")), containerOf("two", labels("", "", "")), containerOf("three", labels("shop", "web", "1")),
      containerOf("four", labels("shop", "web", "1")),
    ];
    const resources = deriveContainers(snapshotOf({ containers })).resources;
    expect(resources.map(({ id, name }) => [id, name])).toEqual([["one", "one"], ["two", "two"], ["three", "three"], ["four", "four"]]);
    expect(resources.map(({ project }) => project)).toEqual([null, null, "shop", "shop"]);
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
