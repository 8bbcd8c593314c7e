import { describe, expect, it } from "vitest";
import { deriveContainers } from "../../../src/facts/container.ts";
import type { Container } from "../../../src/facts/model/container.ts";
import type { ProcessData } from "../../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../../support/snapshot.ts";

const HOST = { net: "net:[1]", pid: "pid:[1]", ipc: "ipc:[1]", uts: "uts:[1]", cgroup: "cgroup:[1]", user: "user:[1]" };
const OWN = { net: "net:[2]", pid: "pid:[2]", ipc: "ipc:[2]", uts: "uts:[2]", cgroup: "cgroup:[2]", user: "user:[1]" };

function derive(inspect: Record<string, unknown>, process: Partial<ProcessData> | null, info: string[] = [], host: Record<string, string | null> = HOST): Container {
  const web = containerOf("web", { State: { Status: "running" }, ...inspect });
  const seen: ProcessData = {
    containerId: web.id, pid: 7, uids: [0, 0, 0, 0], noNewPrivs: 0, seccomp: 2, capEffective: "a80425fb", capPermitted: "a80425fb", capBounding: "a80425fb", label: null,
    uidMap: "         0          0 4294967295", maskedPaths: [], namespaces: OWN, error: null, ...process,
  };
  const [container] = deriveContainers(snapshotOf({
    containers: [web], processes: { host, containers: process === null ? [] : [seen] },
    engine: { endpoint: "unix:///x", local: true, localReason: "", pid: 1, info: { SecurityOptions: ["name=seccomp,profile=builtin", ...info] }, version: {} },
  })).resources;
  if (container === undefined) throw new Error("no container was derived");
  return container;
}

describe("what the kernel shows beyond the engine's word", () => {
  const keys = (...args: Parameters<typeof derive>): string[] => derive(...args).kernelDrift.map(({ key }) => key);

  it("is nothing of a container as the engine makes it, and of one that was granted what it has", () => {
    expect(derive({}, {})).toMatchObject({ kernelDrift: [], unknown: {} });
    expect(keys({ HostConfig: { Privileged: true } }, { capBounding: "1ffffffffff", seccomp: 0 })).toEqual([]);
    expect(keys({ HostConfig: { NetworkMode: "host", PidMode: "host", SecurityOpt: ["seccomp=unconfined"], CapAdd: ["CAP_SYS_ADMIN"] } }, {
      capBounding: "a82425fb", seccomp: 0, namespaces: { ...OWN, net: "net:[1]", pid: "pid:[1]" },
    })).toEqual([]);
  });

  it("are capabilities, namespaces, the missing filter and the missing map, each with its place", () => {
    const { kernelDrift, origins } = derive({ HostConfig: { CapDrop: ["ALL"] } }, { capBounding: "200000", seccomp: 0, namespaces: { ...OWN, ipc: "ipc:[1]" } }, ["name=userns"]);
    expect(kernelDrift).toEqual([
      { key: "capability SYS_ADMIN", engine: "not granted", kernel: "in the bounding set" }, { key: "ipc namespace", engine: "its own", kernel: "the host's" },
      { key: "seccomp", engine: "a profile", kernel: "no filter" }, { key: "user mapping", engine: "remapped", kernel: "the host's users" },
    ]);
    expect([0, 1, 2, 3].map((index) => origins[`/kernelDrift/${index}`])).toEqual([
      "status CapBnd", "ns/ipc", "status Seccomp", "uid_map",
    ].map((key) => ({ source: "processes", key: `/proc/7/${key}` })));
    expect(keys({ HostConfig: { UsernsMode: "host" } }, {}, ["name=userns"])).toEqual([]);
    expect(keys({}, { uidMap: "0 165536 65536" }, ["name=userns"])).toEqual([]);
  });

  it("is unknown of a process that was not seen, or not as a whole, and of another runtime's; nothing of one that does not run", () => {
    expect(derive({}, null).unknown["/kernelDrift"]).toContain("proved");
    expect(derive({ HostConfig: { Runtime: "kata" } }, {}).unknown["/kernelDrift"]).toContain("kata");
    expect(derive({}, { capBounding: null, error: "EACCES: status" }).unknown).toEqual({ "/kernelDrift/-": "its process could not be looked at as a whole: EACCES: status" });
    expect(derive({ State: { Status: "exited" } }, null)).toMatchObject({ kernelDrift: [], unknown: {} });
  });

  it("is unknown where the host's own namespaces were not read, but for those that it is meant to share", () => {
    const host = { ...HOST, pid: null, ipc: null };
    const bare = derive({}, { seccomp: 0 }, [], host);
    expect([bare.kernelDrift.map(({ key }) => key), bare.unknown["/kernelDrift/-"]]).toEqual([["seccomp"], "the host's own namespaces (pid namespace, ipc namespace) could not be read, to compare with"]);
    expect(derive({ HostConfig: { PidMode: "host", IpcMode: "host" } }, {}, [], host).unknown["/kernelDrift/-"]).toBeUndefined();
    expect(derive({}, { capBounding: null, error: "EACCES: status" }, [], { ...HOST, uts: null }).unknown["/kernelDrift/-"]).toBe("its process could not be looked at as a whole: EACCES: status; the host's own namespaces (uts namespace) could not be read, to compare with");
  });
});

describe("where the outside meets it", () => {
  const bindings = { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }], "81/tcp": [{ HostIp: "127.0.0.1", HostPort: "8081" }] };

  it("are its published ports, or the sockets that it holds in the host's network namespace", () => {
    expect(derive({ HostConfig: { PortBindings: bindings }, NetworkSettings: { Ports: bindings } }, {}).listeners).toEqual([
      { key: "0.0.0.0:8080/tcp", port: "8080/tcp", address: "0.0.0.0", loopback: false, via: "published" }, { key: "127.0.0.1:8081/tcp", port: "8081/tcp", address: "127.0.0.1", loopback: true, via: "published" },
    ]);
    const listeners = [{ address: "::", port: 9000 }, { address: "127.0.0.1", port: 9229 }];
    expect(derive({ HostConfig: { NetworkMode: "host" } }, { listeners, namespaces: { ...OWN, net: "net:[1]" } }).listeners).toEqual([
      { key: "[::]:9000/tcp", port: "9000/tcp", address: "::", loopback: false, via: "host network" }, { key: "127.0.0.1:9229/tcp", port: "9229/tcp", address: "127.0.0.1", loopback: true, via: "host network" },
    ]);
  });

  it("is unknown where its sockets could not be read", () => {
    for (const listeners of [undefined, null]) {
      expect(derive({ HostConfig: { NetworkMode: "host" } }, listeners === undefined ? {} : { listeners }).unknown["/listeners"]).toContain("could not be read");
    }
  });
});
