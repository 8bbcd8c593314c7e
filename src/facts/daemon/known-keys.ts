/**
 * Keys of daemon.json that dockerd knows, with their types (moby, daemon/config of 20.10 to 29; tried on both ends). dockerd takes a key if it is the
 * name of a flag, so the singular names of list flags pass too, and do nothing.
 */

export type KeyType =
  | "boolean" | "string" | "integer" | "strings" | "pools"
  /** Objects by the type of their members. */
  | "texts" | "switches" | "objects" | "optionsByDriver"
  /** Any object; anything at all. */
  | "object" | "anything";

export interface KnownKey {
  readonly type: KeyType;
  /** Major version of the first engine that knows it, where that is not 20. */
  readonly since?: number;
  /** Major version of the last one. */
  readonly until?: number;
}

const BOOLEANS = `cri-containerd debug experimental icc init ip-forward ip-masq ip6tables iptables ipv6 live-restore no-new-privileges raw-logs rootless
  selinux-enabled tls tlsverify userland-proxy`;
const STRINGS = `bip bridge cgroup-parent containerd containerd-namespace data-root default-cgroupns-mode default-gateway default-gateway-v6 default-ipc-mode
  default-runtime default-shm-size exec-root fixed-cidr fixed-cidr-v6 group host-gateway-ip init-path ip log-driver log-level metrics-addr pidfile seccomp-profile
  storage-driver swarm-default-advertise-addr tlscacert tlscert tlskey userland-proxy-path userns-remap`;
const INTEGERS = `cpu-rt-period cpu-rt-runtime max-concurrent-downloads max-concurrent-uploads max-download-attempts mtu network-control-plane-mtu
  network-diagnostic-port shutdown-timeout`;
const LISTS = `authorization-plugins dns dns-opts dns-search exec-opts hosts insecure-registries labels node-generic-resources registry-mirrors storage-opts`;

export const KNOWN_KEYS: ReadonlyMap<string, KnownKey> = new Map<string, KnownKey>([
  ...listKeys(BOOLEANS, "boolean"),
  ...listKeys(STRINGS, "string"),
  ...listKeys(INTEGERS, "integer"),
  ...listKeys(LISTS, "strings"),
  ["allow-direct-routing", { type: "boolean", since: 28 }],
  ["ip-forward-no-drop", { type: "boolean", since: 28 }],
  ["bip6", { type: "string", since: 28 }],
  ["bridge-accept-fwmark", { type: "string", since: 28 }],
  ["firewall-backend", { type: "string", since: 29 }],
  ["log-format", { type: "string", since: 24 }],
  ["min-api-version", { type: "string", since: 29 }],
  ["api-cors-header", { type: "string", until: 27 }],
  ["cluster-advertise", { type: "string", until: 22 }],
  ["cluster-store", { type: "string", until: 22 }],
  ["cluster-store-opts", { type: "texts", until: 22 }],
  ["graph", { type: "string", until: 22 }],
  ["oom-score-adjust", { type: "integer", until: 24 }],
  ["cdi-spec-dirs", { type: "strings", since: 25 }],
  ["host-gateway-ips", { type: "strings", since: 28 }],
  ["default-address-pools", { type: "pools" }],
  ["log-opts", { type: "texts" }],
  ["proxies", { type: "texts", since: 23 }],
  ["features", { type: "switches" }],
  ["default-network-opts", { type: "optionsByDriver", since: 24 }],
  ["default-ulimits", { type: "objects" }],
  ["runtimes", { type: "objects" }],
  ["builder", { type: "object" }],
  ["nri-opts", { type: "object", since: 29 }],
  // Without effect today, and of another type in the past.
  ["allow-nondistributable-artifacts", { type: "anything" }],
  ["deprecated-key-path", { type: "anything" }],
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

function listKeys(words: string, type: KeyType): [string, KnownKey][] {
  return words.split(/\s+/).map((key) => [key, { type }]);
}
