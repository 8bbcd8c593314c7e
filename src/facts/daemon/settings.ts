/** The settings of dockerd that policies judge (moby, daemon/config and cmd/dockerd: keys and flags of 20.10 to 29). */
import { booleanSetting, listSetting, mapSetting, optionsSetting, textSetting } from "./setting.ts";
import { isAtLeast, type ApiVersion } from "./told.ts";

/** The API of engine 27, where ip6tables became on by default. */
const IP6TABLES_BY_DEFAULT: ApiVersion = [1, 46];

/** Defaults that hang on the engine's version are those of a current one where it is not known. */
export function listSettings(version: ApiVersion | null) {
  return {
    usernsRemap: textSetting("userns-remap", null),
    noNewPrivileges: booleanSetting("no-new-privileges", false),
    icc: booleanSetting("icc", true),
    bridge: textSetting("bridge", null),
    iptables: booleanSetting("iptables", true),
    ip6tables: booleanSetting("ip6tables", version === null || isAtLeast(version, IP6TABLES_BY_DEFAULT)),
    userlandProxy: booleanSetting("userland-proxy", true),
    liveRestore: booleanSetting("live-restore", false),
    experimental: booleanSetting("experimental", false),
    debug: booleanSetting("debug", false),
    tlsVerify: booleanSetting("tlsverify", false),
    logLevel: textSetting("log-level", "info"),
    logDriver: textSetting("log-driver", "json-file"),
    logOptions: mapSetting("log-opts", "log-opt"),
    defaultBind: textSetting("ip", "0.0.0.0"),
    // What the engine chooses by itself has no fixed default.
    storageDriver: textSetting("storage-driver", null),
    cgroupParent: textSetting("cgroup-parent", null),
    seccompProfile: textSetting("seccomp-profile", null, (value) => (value === "builtin" || value === "default" ? null : value)),
    // Under userns-remap the engine adds a folder UID.GID.
    dataRoot: textSetting("data-root", null, (value) => value?.replace(/\/\d+\.\d+$/, "")),
    firewallBackend: textSetting("firewall-backend", null),
    metricsAddress: textSetting("metrics-addr", null),
    allowDirectRouting: booleanSetting("allow-direct-routing", false),
    ipv6: booleanSetting("ipv6", false),
    fixedSubnetV6: textSetting("fixed-cidr-v6", null),
    cgroupNamespace: textSetting("default-cgroupns-mode", "private"),
    networkOptions: optionsSetting("default-network-opts", "default-network-opt"),
    authorizationPlugins: listSetting("authorization-plugins", "authorization-plugin"),
    defaultUlimits: mapSetting("default-ulimits", "default-ulimit"),
    hosts: listSetting("hosts", "host"),
    insecureRegistries: listSetting("insecure-registries", "insecure-registry", withoutLoopback),
    registryMirrors: listSetting("registry-mirrors", "registry-mirror", (value) => value.map((url) => url.replace(/\/$/, "")).sort()),
  };
}

/** The engine always counts loopback as insecure, and drops the scheme of a registry. */
function withoutLoopback(registries: readonly string[]): string[] {
  const named = registries.map((registry) => registry.replace(/^https?:\/\//, "").replace(/\/$/, ""));
  return named.filter((registry) => registry !== "127.0.0.0/8" && registry !== "::1/128").sort();
}
