/** Running sysctls: of this host, with net.* of the engine's network namespace, and what is asked of each container's. */
import type { Answer, DataOf, NamespaceSysctls } from "../snapshot/model.ts";
import { toSysctlKey, toSysctlPath } from "../snapshot/sysctl-key.ts";
import { failed, ok } from "./answer.ts";
import { readNamespaceSysctls } from "./namespace-sysctls.ts";
import { listNetworkNamespaces, type NetworkNamespace } from "./network-namespaces.ts";
import type { Subject } from "./subject.ts";
import { readSysctlTree } from "./sysctl-tree.ts";

/** What connection tracking's facts need of each namespace, whatever policies ask. */
const CONNTRACK_KEYS = [
  "net.netfilter.nf_conntrack_count",
  "net.netfilter.nf_conntrack_max",
  "net.netfilter.nf_conntrack_buckets",
];

/** What decides, with others, which settings of an interface are in effect. */
const FORWARDING_KEYS = ["net.ipv4.conf.*.forwarding", "net.ipv6.conf.*.forwarding"];

/** What decides with them where the host's packets go (netfilter/network/switches.ts); of the engine's namespace only. */
const ROUTING_KEYS = [
  ...["rp_filter", "route_localnet", "accept_local", "send_redirects", "bc_forwarding", "src_valid_mark", "ignore_routes_with_linkdown"].map((name) => `net.ipv4.conf.*.${name}`),
  ...["force_forwarding", "ignore_routes_with_linkdown"].map((name) => `net.ipv6.conf.*.${name}`),
];

/** net.* as a whole where it is not our own: the levels that hold files, of interfaces the templates only. */
const NET_PATHS = ["net/*", "net/*/*", "net/*/*/*", "net/*/conf/all/*", "net/*/conf/default/*", "net/*/neigh/default/*"];

/** What policies read, in either notation, with globs. */
export interface SysctlKeys {
  readonly all: readonly string[];
  /** Those of them that are wanted of every container's network namespace too. Reading them takes most of the time. */
  readonly inContainers: readonly string[];
}

/**
 * Names that could lead outside /proc/sys are left out: policies come from anyone. `interfaces`: of these alone settings are read besides those for all, in the
 * engine's namespace; null: of every one.
 */
export async function collectSysctl(subject: Subject, { all, inContainers }: SysctlKeys, interfaces: readonly string[] | null = null): Promise<Answer<DataOf<"sysctl">>> {
  const paths = toPaths([...all, ...CONNTRACK_KEYS, ...FORWARDING_KEYS]);
  const netPaths = toPaths([...inContainers, ...CONNTRACK_KEYS]).filter((path) => path.startsWith("net/"));
  const hostPaths = [...new Set([...paths, ...ROUTING_KEYS.map(toSysctlPath)])];
  const hostNetPaths = hostPaths.filter((path) => path.startsWith("net/")).flatMap((path) => nameInterfaces(path, interfaces));
  const { host, hostIsOwn, others } = listNetworkNamespaces(subject);
  const entering = Promise.all([hostIsOwn ? null : readHostNet(host, hostNetPaths), readNamespaces(others, netPaths)]);
  const own = readSysctlTree(hostPaths, hostIsOwn, interfaces);
  const [net, namespaces] = await entering;
  const data = {
    host: { ...own, ...net?.values },
    netError: net?.error ?? null,
    namespaces,
    asked: paths.map(toSysctlKey),
    askedOfContainers: netPaths.map(toSysctlKey),
  };
  return data.netError === null ? ok(data) : failed(`net.* of the engine's network namespace: ${data.netError}`, data);
}

/** Of a path that asks every interface: a path for each. */
function nameInterfaces(path: string, interfaces: readonly string[] | null): string[] {
  const [, folder, leaf] = /^(net\/ipv[46]\/conf\/)\*(\/[^/]+)$/.exec(path) ?? [];
  return interfaces === null || folder === undefined || leaf === undefined ? [path] : ["all", "default", ...interfaces].map((name) => `${folder}${name}${leaf}`);
}

function toPaths(keys: readonly string[]): string[] {
  return [...new Set(keys.map(toSysctlPath))].filter(isSafe).sort();
}

/** Letters, digits, and what interface names and globs need; no component that climbs. */
function isSafe(path: string): boolean {
  return /^(?!.*\.\.)[\w.*?[\]@!^-]+(\/[\w.*?[\]@!^-]+)+$/.test(path);
}

async function readHostNet(host: NetworkNamespace, paths: readonly string[]): Promise<{ values: Readonly<Record<string, string | null>>; error: string | null }> {
  const [answer] = await readNamespaceSysctls([host], [...NET_PATHS, ...paths]);
  return answer ?? { values: {}, error: "ENOENT" };
}

async function readNamespaces(namespaces: readonly NetworkNamespace[], paths: readonly string[]): Promise<NamespaceSysctls[]> {
  const answers = await readNamespaceSysctls(namespaces, paths);
  return namespaces.map(({ name, containerIds }, index) => ({
    namespace: name,
    containerIds: [...containerIds],
    values: { ...answers[index]?.values },
    error: answers[index]?.error ?? null,
  }));
}
