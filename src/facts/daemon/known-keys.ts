/**
 * Keys of daemon.json that dockerd knows, with the shapes of their values (moby, daemon/config of 20.10 to 29; tried on both ends and between). dockerd
 * takes a key if it is the name of a flag, so the singular names of list flags pass too, and do nothing.
 */
import type { Shape } from "./shapes.ts";

export interface KnownKey {
  readonly shape: Shape;
  /** Major version of the first engine that knows it, where that is not 20. */
  readonly since?: number;
  /** Major version of the last one. */
  readonly until?: number;
}

const BOOLEANS = `cri-containerd debug experimental icc init ip-forward ip-masq ip6tables iptables ipv6 live-restore no-new-privileges raw-logs rootless
  selinux-enabled tls tlsverify userland-proxy`;
const STRINGS = `bip bridge cgroup-parent containerd containerd-namespace data-root default-runtime exec-root fixed-cidr fixed-cidr-v6 group init-path log-driver
  metrics-addr pidfile seccomp-profile storage-driver swarm-default-advertise-addr tlscacert tlscert tlskey userland-proxy-path userns-remap`;
const INTEGERS = `cpu-rt-period cpu-rt-runtime max-concurrent-downloads max-concurrent-uploads max-download-attempts mtu network-control-plane-mtu
  network-diagnostic-port shutdown-timeout`;
const ADDRESSES = "default-gateway default-gateway-v6 host-gateway-ip ip";
const LISTS = "authorization-plugins dns-opts dns-search exec-opts hosts insecure-registries labels node-generic-resources registry-mirrors storage-opts";

const TEXTS = { map: "string" } as const;
const ULIMIT = { members: { Name: "string", Hard: "integer", Soft: "integer" } } as const;
const RUNTIME = { members: { path: "string", runtimeArgs: { list: "string" }, runtimeType: "string", options: { map: "anything" } } } as const;
const GC_POLICY = {
  members: { all: "boolean", filter: "anything", keepStorage: "string", reservedSpace: "string", maxUsedSpace: "string", minFreeSpace: "string" },
} as const;
const GC = {
  members: {
    enabled: "boolean", policy: { list: GC_POLICY }, defaultKeepStorage: "string", defaultReservedSpace: "string", defaultMaxUsedSpace: "string", defaultMinFreeSpace: "string",
  },
} as const;
const BUILDER = {
  members: {
    gc: GC,
    entitlements: { members: { "network-host": "boolean", "security-insecure": "boolean", device: "boolean" } },
    history: { members: { maxAge: "anything", maxEntries: "integer" } },
    // Of engines after 29.0.
    "proxy-network": "anything",
  },
} as const;
const NRI = { members: { enable: "boolean", "plugin-path": "string", "plugin-config-path": "string", "socket-path": "string" }, strict: true } as const;
/** Not the name of a flag: dockerd takes the members for keys of their own. */
const PROXIES = { members: { "http-proxy": "string", "https-proxy": "string", "no-proxy": "string" }, strict: true, own: true } as const;

export const KNOWN_KEYS: ReadonlyMap<string, KnownKey> = new Map<string, KnownKey>([
  ...listKeys(BOOLEANS, "boolean"),
  ...listKeys(STRINGS, "string"),
  ...listKeys(INTEGERS, "integer"),
  ...listKeys(ADDRESSES, "address"),
  ...listKeys(LISTS, { list: "string" }),
  ["dns", { shape: { list: "address" } }],
  ["default-cgroupns-mode", { shape: { oneOf: ["host", "private"] } }],
  ["default-ipc-mode", { shape: { oneOf: ["private", "shareable"] } }],
  ["default-shm-size", { shape: "size" }],
  ["log-level", { shape: { oneOf: ["trace", "debug", "info", "warn", "error", "fatal", "panic"], anyCase: true, until: { warning: 22 } } }],
  ["allow-direct-routing", { shape: "boolean", since: 28 }],
  ["ip-forward-no-drop", { shape: "boolean", since: 28 }],
  ["bip6", { shape: "string", since: 28 }],
  ["bridge-accept-fwmark", { shape: "string", since: 29 }],
  ["firewall-backend", { shape: { oneOf: ["iptables", "nftables"] }, since: 29 }],
  ["log-format", { shape: { oneOf: ["text", "json"] }, since: 24 }],
  ["min-api-version", { shape: "string", since: 29 }],
  ["api-cors-header", { shape: "string", until: 27 }],
  ["cluster-advertise", { shape: "string", until: 22 }],
  ["cluster-store", { shape: "string", until: 22 }],
  ["cluster-store-opts", { shape: TEXTS, until: 22 }],
  ["graph", { shape: "string", until: 22 }],
  ["oom-score-adjust", { shape: "integer", until: 24 }],
  ["cdi-spec-dirs", { shape: { list: "string" }, since: 25 }],
  ["host-gateway-ips", { shape: { list: "address" }, since: 28 }],
  ["default-address-pools", { shape: { list: { members: { base: "string", size: "integer" } } } }],
  ["log-opts", { shape: TEXTS }],
  ["proxies", { shape: PROXIES, since: 23 }],
  ["features", { shape: { map: "boolean" } }],
  ["default-network-opts", { shape: { map: TEXTS }, since: 24 }],
  ["default-ulimits", { shape: { map: ULIMIT } }],
  ["runtimes", { shape: { map: RUNTIME } }],
  ["builder", { shape: BUILDER }],
  ["nri-opts", { shape: NRI, since: 29 }],
  // Without effect today, and of another type in the past.
  ["allow-nondistributable-artifacts", { shape: "anything" }],
  ["deprecated-key-path", { shape: "anything" }],
]);

/** Flags that are a key under another name: the flag's own name in the file is taken and does nothing. */
export const FLAG_OF_KEY: Readonly<Record<string, string>> = {
  "authorization-plugins": "authorization-plugin",
  "cdi-spec-dirs": "cdi-spec-dir",
  "cluster-store-opts": "cluster-store-opt",
  "default-address-pools": "default-address-pool",
  "default-network-opts": "default-network-opt",
  "default-ulimits": "default-ulimit",
  "dns-opts": "dns-opt",
  "exec-opts": "exec-opt",
  "features": "feature",
  "host-gateway-ips": "host-gateway-ip",
  "hosts": "host",
  "insecure-registries": "insecure-registry",
  "labels": "label",
  "log-opts": "log-opt",
  "node-generic-resources": "node-generic-resource",
  "registry-mirrors": "registry-mirror",
  "runtimes": "add-runtime",
  "storage-opts": "storage-opt",
};

function listKeys(words: string, shape: Shape): [string, KnownKey][] {
  return words.split(/\s+/).map((key) => [key, { shape }]);
}
