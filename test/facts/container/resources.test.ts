import { describe, expect, it } from "vitest";
import { daemonOf, derive } from "../../support/container-facts.ts";

/** A daemon whose command line has these words besides its own. */
const withFlags = (...flags: string[]): Parameters<typeof derive>[1] => ({ daemon: { ...daemonOf(), commandLine: ["/usr/sbin/dockerd", ...flags] } });

describe("limits", () => {
  it("take 0 and negative numbers for none, and a quota for CPUs", () => {
    const { limits } = derive({ HostConfig: { Memory: 0, PidsLimit: -1, CpuQuota: 50_000, CpuPeriod: 0, CpusetCpus: "" } });
    expect(limits).toMatchObject({ memory: null, pids: null, cpus: 0.5, cpuset: null, cgroupParent: null });
  });

  it("take the daemon's parent group where the container names none", () => {
    const flags = withFlags("--cgroup-parent=web.slice");
    const { limits, origins } = derive({ HostConfig: { CgroupParent: "" } }, flags);
    expect(limits.cgroupParent).toBe("web.slice");
    expect(origins["/limits/cgroupParent"]).toMatchObject({ source: "daemon" });
    expect(derive({ HostConfig: { CgroupParent: "own.slice" } }, flags).limits.cgroupParent).toBe("own.slice");
  });

  it("list ulimits that are bounded, the daemon's defaults among them", () => {
    const flags = withFlags("--default-ulimit", "nofile=1024", "--default-ulimit", "nproc=100");
    expect(derive({}, flags).limits.ulimits).toEqual(["nofile", "nproc"]);
    expect(derive({ HostConfig: { Ulimits: [{ Name: "nofile", Soft: 10, Hard: -1 }] } }, flags).limits.ulimits).toEqual(["nproc"]);
    expect(derive({ HostConfig: { Ulimits: [{ Name: "nofile", Soft: 10, Hard: 20 }] } }).limits.ulimits).toEqual(["nofile"]);
    expect(derive().limits.ulimits).toEqual([]);
  });
});

describe("devices", () => {
  it("have their paths normalised", () => {
    const devices = [{ PathOnHost: "/dev/../dev//sda", PathInContainer: "/dev/x", CgroupPermissions: "r" }];
    expect(derive({ HostConfig: { Devices: devices } }).devices).toEqual([{ key: "/dev/sda", path: "/dev/sda", type: "path", permissions: "r" }]);
  });

  it("are all there for a privileged container", () => {
    expect(derive({ HostConfig: { Privileged: true } }).devices.map(({ key }) => key)).toEqual(["every device"]);
    expect(derive().devices).toEqual([]);
  });

  it("include requests", () => {
    const requests = [{ Driver: "", Count: -1, DeviceIDs: null, Capabilities: [["gpu"]] }, { Driver: "cdi", DeviceIDs: ["vendor.com/class=one"] }];
    expect(derive({ HostConfig: { DeviceRequests: requests } }).devices.map(({ key }) => key)).toEqual(["gpu all", "vendor.com/class=one"]);
  });
});

it("name resolution is told by where it reaches", () => {
  const { dns, extraHosts } = derive({ HostConfig: { Dns: ["8.8.8.8", "10.0.0.53"], ExtraHosts: ["meta:169.254.169.254", "h:host-gateway", "six=[fd00::1]"] } });
  expect(dns.map(({ scope }) => scope)).toEqual(["global", "private"]);
  expect(extraHosts.map(({ host, address, scope }) => [host, address, scope])).toEqual([
    ["meta", "169.254.169.254", "linkLocal"], ["h", "host-gateway", "invalid"], ["six", "fd00::1", "private"],
  ]);
});

it("the engine's data root is one of its folders", () => {
  const engine = { endpoint: "unix:///x.sock", local: true, localReason: "", pid: 1, info: { DockerRootDir: "/run/docker-data" }, version: {} };
  expect(derive({}, { engine }).engineFolders).toEqual(["/run/docker-data", "/var/run/docker-data"]);
});
