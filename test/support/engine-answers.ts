/** Answers of real engines as they were recorded, without what no fact reads: GET /info, /version and the default bridge of GET /networks. */

export const INFO_20 = {
  Driver: "overlay2",
  Plugins: { Volume: ["local"], Network: ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"], Authorization: null, Log: ["json-file", "local"] },
  BridgeNfIptables: true,
  BridgeNfIp6tables: true,
  Debug: false,
  LoggingDriver: "json-file",
  CgroupDriver: "cgroupfs",
  CgroupVersion: "1",
  RegistryConfig: {
    AllowNondistributableArtifactsCIDRs: [],
    AllowNondistributableArtifactsHostnames: [],
    InsecureRegistryCIDRs: ["127.0.0.0/8"],
    IndexConfigs: { "docker.io": { Name: "docker.io", Mirrors: [], Secure: true, Official: true } },
    Mirrors: [],
  },
  DockerRootDir: "/var/lib/docker",
  ExperimentalBuild: false,
  ServerVersion: "20.10.24+dfsg1",
  LiveRestoreEnabled: false,
  SecurityOptions: ["name=seccomp,profile=default"],
  Warnings: null,
};

export const VERSION_20 = {
  Platform: { Name: "" },
  Components: [{ Name: "Engine", Version: "20.10.24+dfsg1", Details: { ApiVersion: "1.41", MinAPIVersion: "1.12", Experimental: "false" } }, { Name: "runc", Version: "1.1.5+ds1", Details: { GitCommit: "1.1.5+ds1-1+deb12u1" } }],
  Version: "20.10.24+dfsg1",
  ApiVersion: "1.41",
  MinAPIVersion: "1.12",
};

export const INFO_29 = {
  Driver: "overlayfs",
  DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]],
  Plugins: { Volume: ["local"], Network: ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"], Authorization: null, Log: ["json-file", "local"] },
  Debug: false,
  LoggingDriver: "json-file",
  CgroupDriver: "cgroupfs",
  CgroupVersion: "1",
  RegistryConfig: {
    InsecureRegistryCIDRs: ["::1/128", "127.0.0.0/8"],
    IndexConfigs: { "docker.io": { Name: "docker.io", Mirrors: [], Secure: true, Official: true } },
    Mirrors: [],
  },
  DockerRootDir: "/var/lib/docker",
  ExperimentalBuild: false,
  ServerVersion: "29.0.0-beta.24",
  LiveRestoreEnabled: false,
  SecurityOptions: ["name=seccomp,profile=builtin"],
  FirewallBackend: { Driver: "iptables", Info: [["EnableUserlandProxy", "true"], ["UserlandProxyPath", "/usr/bin/docker-proxy"]] },
  Warnings: ["WARNING: Support for cgroup v1 is deprecated and planned to be removed by no later than May 2029 (https://github.com/moby/moby/issues/51111)"],
};

export const VERSION_29 = {
  Platform: { Name: "" },
  Components: [{ Name: "Engine", Version: "29.0.0-beta.24", Details: { ApiVersion: "1.56", MinAPIVersion: "1.44", Experimental: "false" } }, { Name: "runc", Version: "1.5.2", Details: { GitCommit: "" } }],
  Version: "29.0.0-beta.24",
  ApiVersion: "1.56",
  MinAPIVersion: "1.44",
};

/** What info says under `--no-new-privileges --userns-remap=default --live-restore`: 20.10 does not tell the first. */
export const HARDENED_20 = {
  ...INFO_20, DockerRootDir: "/var/lib/docker/100000.100000", LiveRestoreEnabled: true, SecurityOptions: ["name=seccomp,profile=default", "name=userns"],
};
export const HARDENED_29 = {
  ...INFO_29, Driver: "overlay2", DockerRootDir: "/var/lib/docker/100000.100000", LiveRestoreEnabled: true,
  SecurityOptions: ["name=seccomp,profile=builtin", "name=userns", "name=no-new-privileges"],
};

/** The default bridge; 20.10 and 29 give it the same options. */
export function defaultBridge(changes: Readonly<Record<string, string>> = {}): Record<string, unknown> {
  return {
    Name: "bridge",
    Id: "4483c23ba488b3a1401443ceec65fed1fb87d52eb838a4be4ce967f6be4d6be3",
    Scope: "local",
    Driver: "bridge",
    EnableIPv6: false,
    Internal: false,
    Options: {
      "com.docker.network.bridge.default_bridge": "true",
      "com.docker.network.bridge.enable_icc": "true",
      "com.docker.network.bridge.enable_ip_masquerade": "true",
      "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
      "com.docker.network.bridge.name": "docker0",
      "com.docker.network.driver.mtu": "1500",
      ...changes,
    },
    Labels: {},
  };
}
