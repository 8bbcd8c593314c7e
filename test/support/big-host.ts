/** A host as engine 28 sets it up, of any size: running containers on networks of their own, each third one publishing a port. */
import type { Snapshot } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "./snapshot.ts";

const MOST_ON_A_NETWORK = 250;

interface Place {
  readonly name: string;
  readonly network: number;
  readonly address: string;
  readonly hostPort: number | null;
}

export function bigHost(containers: number, networks: number): Snapshot {
  if (containers > networks * MOST_ON_A_NETWORK) throw new RangeError("that many containers have no room there");
  const places = Array.from({ length: containers }, (_, index): Place => ({
    name: `app-${String(index).padStart(4, "0")}`, network: index % networks, address: `172.${16 + ((index % networks) >> 8)}.${(index % networks) % 256}.${2 + Math.floor(index / networks)}`,
    hostPort: index % 3 === 0 ? 20_000 + index : null,
  }));
  const bridges = Array.from({ length: networks }, (_, index) => `br-${String(index).padStart(12, "0")}`);
  return snapshotOf({
    containers: places.map(describeContainer),
    networks: bridges.map((bridge, index) => ({ Name: nameOf(index), Id: idOf(index), Driver: "bridge", Options: { "com.docker.network.bridge.name": bridge } })),
    addresses: describeAddresses(bridges),
    sysctl: { host: Object.fromEntries(["all", "default", "lo", "eth0", ...bridges].map((name) => [`net.ipv4.conf.${name}.forwarding`, "1"])), netError: null, namespaces: [], asked: [] },
    iptables: { dumps: [{ backend: "nft", family: "v4", program: "iptables-nft-save", status: "ok", detail: null, text: printRules(places, bridges) }] },
  });
}

function nameOf(network: number): string {
  return `net-${String(network).padStart(3, "0")}`;
}

function idOf(network: number): string {
  return String(network).padStart(64, "0");
}

function gatewayOf(network: number): string {
  return `172.${16 + (network >> 8)}.${network % 256}.1`;
}

function describeContainer({ name, network, address, hostPort }: Place) {
  const bindings = hostPort === null ? {} : { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: String(hostPort) }] };
  return containerOf(name, {
    State: { Status: "running", Running: true },
    HostConfig: { NetworkMode: nameOf(network), PortBindings: bindings },
    NetworkSettings: { Ports: bindings, Networks: { [nameOf(network)]: { NetworkID: idOf(network), IPAddress: address } } },
  });
}

function describeAddresses(bridges: readonly string[]) {
  const own = (ifname: string, local: string, prefixlen: number): Record<string, unknown> => ({ ifname, flags: ["UP"], addr_info: [{ family: "inet", local, prefixlen, scope: ifname === "lo" ? "host" : "global" }] });
  const local = (dst: string, dev: string): Record<string, unknown> => ({ type: "local", dst, dev, table: "local", flags: [] });
  return {
    links: [
      { ifname: "lo", ifindex: 1, flags: ["LOOPBACK", "UP"] }, { ifname: "eth0", ifindex: 2, flags: ["UP"] },
      ...bridges.map((ifname, index) => ({ ifname, ifindex: 3 + index, flags: ["UP"], linkinfo: { info_kind: "bridge" } })),
    ],
    addresses: [own("lo", "127.0.0.1", 8), own("eth0", "192.0.2.1", 24), ...bridges.map((bridge, index) => own(bridge, gatewayOf(index), 24))],
    routes4: [
      { dst: "default", gateway: "192.0.2.254", dev: "eth0", flags: [] }, { dst: "192.0.2.0/24", dev: "eth0", flags: [] },
      ...bridges.map((dev, index) => ({ dst: gatewayOf(index).replace(/1$/, "0/24"), dev, flags: [] })),
      local("127.0.0.0/8", "lo"), local("127.0.0.1", "lo"), local("192.0.2.1", "eth0"), ...bridges.map((dev, index) => local(gatewayOf(index), dev)),
    ],
    routes6: [], rules4: null, rules6: null,
  };
}

function printRules(places: readonly Place[], bridges: readonly string[]): string {
  const published = places.filter(({ hostPort }) => hostPort !== null).map((place) => ({ ...place, bridge: bridges[place.network] ?? "" }));
  return [
    "*raw", ":PREROUTING ACCEPT [0:0]", ...published.map(({ address, bridge }) => `-A PREROUTING -d ${address}/32 ! -i ${bridge} -j DROP`), "COMMIT",
    "*nat", ":PREROUTING ACCEPT [0:0]", ":DOCKER - [0:0]", "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
    ...published.map(({ address, bridge, hostPort }) => `-A DOCKER ! -i ${bridge} -p tcp -m tcp --dport ${String(hostPort)} -j DNAT --to-destination ${address}:80`), "COMMIT",
    "*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":DOCKER - [0:0]", ":DOCKER-BRIDGE - [0:0]", ":DOCKER-CT - [0:0]", ":DOCKER-FORWARD - [0:0]", ":DOCKER-USER - [0:0]",
    "-A FORWARD -j DOCKER-USER", "-A FORWARD -j DOCKER-FORWARD", "-A DOCKER-FORWARD -j DOCKER-CT", "-A DOCKER-FORWARD -j DOCKER-BRIDGE",
    ...bridges.map((bridge) => `-A DOCKER-FORWARD -i ${bridge} -j ACCEPT`),
    ...published.map(({ address, bridge }) => `-A DOCKER -d ${address}/32 ! -i ${bridge} -o ${bridge} -p tcp -m tcp --dport 80 -j ACCEPT`),
    ...bridges.map((bridge) => `-A DOCKER ! -i ${bridge} -o ${bridge} -j DROP`),
    ...bridges.map((bridge) => `-A DOCKER-BRIDGE -o ${bridge} -j DOCKER`),
    ...bridges.map((bridge) => `-A DOCKER-CT -o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`),
    "COMMIT", "",
  ].join("\n");
}
