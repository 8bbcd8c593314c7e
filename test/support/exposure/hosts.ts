/** Hosts on which it is tried who reaches which port: engines of five generations, each in the ways that change its rules. */
import type { EngineOptions } from "../engine.ts";
import type { EngineVersion } from "../engine-version.ts";

export interface ExposedHost {
  /** Also the name of its record: `28-nftables`. */
  readonly name: string;
  readonly engine: EngineOptions;
  /** Neighbours put packets for 127.0.0.1 on the wire; null: they do not. */
  readonly wire: Wire | null;
}

interface Wire {
  /** net.ipv4.conf.all.route_localnet of the host. */
  readonly routeLocalnet: boolean;
}

interface Variant {
  readonly name: string;
  readonly options: Omit<EngineOptions, "version">;
  readonly wire?: Wire;
  /** The first version that has it. */
  readonly since: number;
}

const VARIANTS: readonly Variant[] = [
  { name: "default", options: {}, since: 0 },
  { name: "forwarding-first", options: { forwardingFirst: true }, since: 0 },
  { name: "no-proxy", options: { daemonJson: { "userland-proxy": false } }, since: 0 },
  { name: "no-icc", options: { daemonJson: { icc: false } }, since: 0 },
  { name: "direct-routing", options: { daemonJson: { "allow-direct-routing": true } }, since: 28 },
  { name: "nftables", options: { forwardingFirst: true, daemonJson: { "firewall-backend": "nftables" } }, since: 29 },
  { name: "wire", options: {}, wire: { routeLocalnet: false }, since: 0 },
  { name: "wire-no-proxy", options: { daemonJson: { "userland-proxy": false } }, wire: { routeLocalnet: false }, since: 0 },
  { name: "wire-localnet", options: {}, wire: { routeLocalnet: true }, since: 0 },
  { name: "wire-nftables", options: { forwardingFirst: true, daemonJson: { "firewall-backend": "nftables" } }, wire: { routeLocalnet: false }, since: 29 },
];

/** Every variant that the engine knows. */
export function listHosts(version: EngineVersion): readonly ExposedHost[] {
  return VARIANTS.filter(({ since }) => Number(version) >= since).map(({ name, options, wire = null }) => ({ name: `${version}-${name}`, engine: { version, ...options }, wire }));
}

/** `docker network create` of a network, and since which version. */
export interface HostNetworkPlan {
  readonly name: string;
  readonly args: readonly string[];
  readonly since: number;
}

const modeOf = (mode: string): readonly string[] => ["--opt", `com.docker.network.bridge.gateway_mode_ipv4=${mode}`];

const NETWORKS: readonly HostNetworkPlan[] = [
  { name: "shop", args: ["--opt", "com.docker.network.bridge.name=shop0", "--subnet", "172.30.0.0/24"], since: 0 },
  { name: "inside", args: ["--internal", "--subnet", "172.30.1.0/24"], since: 0 },
  { name: "lonely", args: ["--opt", "com.docker.network.bridge.enable_icc=false", "--subnet", "172.30.2.0/24"], since: 0 },
  { name: "six", args: ["--ipv6", "--subnet", "172.30.3.0/24", "--subnet", "2001:db8:30::/64"], since: 0 },
  { name: "open", args: [...modeOf("nat-unprotected"), "--subnet", "172.30.4.0/24"], since: 28 },
  { name: "routed", args: [...modeOf("routed"), "--subnet", "172.30.5.0/24"], since: 27 },
];

export interface ContainerPlan {
  readonly name: string;
  readonly network: string;
  /** Of -p. */
  readonly publish: readonly string[];
}

/** The host's own address is that of `joinOutside`. */
const CONTAINERS: readonly ContainerPlan[] = [
  { name: "web", network: "bridge", publish: ["8080:80"] },
  { name: "pinned", network: "bridge", publish: ["192.0.2.1:8081:80"] },
  { name: "local", network: "bridge", publish: ["127.0.0.1:8082:80"] },
  { name: "quiet", network: "bridge", publish: [] },
  { name: "shop-web", network: "shop", publish: ["8083:80"] },
  { name: "shop-quiet", network: "shop", publish: [] },
  { name: "inside", network: "inside", publish: [] },
  { name: "lonely-web", network: "lonely", publish: ["8084:80"] },
  { name: "lonely-quiet", network: "lonely", publish: [] },
  { name: "six-web", network: "six", publish: ["8086:80"] },
  { name: "six-local", network: "six", publish: ["[::1]:8087:80"] },
  { name: "six-quiet", network: "six", publish: [] },
  { name: "open-web", network: "open", publish: ["8088:80"] },
  { name: "open-quiet", network: "open", publish: [] },
  { name: "routed-web", network: "routed", publish: ["8089:80"] },
  { name: "routed-quiet", network: "routed", publish: [] },
];

/** Few, since these hosts differ from the others in what arrives from the wire, and in a network that has no gateway. */
const WIRE_NETWORKS: readonly HostNetworkPlan[] = [
  { name: "shop", args: ["--subnet", "172.30.0.0/24"], since: 0 },
  { name: "apart", args: ["--internal", ...modeOf("isolated"), "--subnet", "172.30.6.0/24"], since: 28 },
];

const WIRE_CONTAINERS: readonly ContainerPlan[] = [
  { name: "web", network: "bridge", publish: ["8080:80"] },
  { name: "local", network: "bridge", publish: ["127.0.0.1:8082:80"] },
  { name: "quiet", network: "bridge", publish: [] },
  { name: "shop-quiet", network: "shop", publish: [] },
  { name: "apart-web", network: "apart", publish: ["8090:80"] },
  { name: "apart-quiet", network: "apart", publish: [] },
];

interface HostPlan {
  readonly networks: readonly HostNetworkPlan[];
  readonly containers: readonly ContainerPlan[];
  /** Ports that are tried at the host's addresses. */
  readonly ports: readonly number[];
}

/** What the engine of that version can have. */
export function planHost({ engine, wire }: ExposedHost): HostPlan {
  const networks = (wire === null ? NETWORKS : WIRE_NETWORKS).filter(({ since }) => Number(engine.version) >= since);
  const containers = (wire === null ? CONTAINERS : WIRE_CONTAINERS).filter(({ network }) => network === "bridge" || networks.some(({ name }) => name === network));
  return { networks, containers, ports: wire === null ? [8080, 8081, 8082, 8083, 8084, 8086, 8087, 8088, 8089, LISTENING.host] : [8080, 8082, 8090, LISTENING.host] };
}

/** Each container listens on the port that is published, if any is, and on a second one. The host listens on its own, on all addresses. */
export const LISTENING = { containers: [80, 81], host: 9000, outside: 9100 } as const;
