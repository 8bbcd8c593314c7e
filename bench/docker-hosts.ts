/** Docker hosts with any number of published ports: snapshots with rules as engine 28 writes them, behind an administrator's own. */
import type { Snapshot } from "../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../test/support/snapshot.ts";

/** At most 65,000: they share one bridge. `bans`: single sources that DOCKER-USER drops before it limits connection attempts. */
export function dockerHost(count: number, bans: number): Snapshot {
  const places = Array.from({ length: count }, (_, index) => ({ address: `172.17.${(index + 2) >> 8}.${(index + 2) % 256}`, port: 10_000 + (index % 50_000) }));
  return snapshotOf({
    containers: places.map(({ address, port }, index) => {
      const bindings = { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: String(port) }] };
      const networks = { bridge: { NetworkID: NETWORK.Id, IPAddress: address } };
      return containerOf(`c${String(index).padStart(6, "0")}`, { State: { Status: "running" }, HostConfig: { NetworkMode: "default", PortBindings: bindings }, NetworkSettings: { Ports: bindings, Networks: networks } });
    }),
    networks: [NETWORK],
    addresses: ADDRESSES,
    sysctl: { host: Object.fromEntries(["all", "default", "lo", "eth0", "docker0"].map((name) => [`net.ipv4.conf.${name}.forwarding`, "1"])), netError: null, namespaces: [], asked: [] },
    iptables: { dumps: [{ backend: "nft", family: "v4", program: "iptables-nft-save", status: "ok", detail: null, text: publishedPorts(places, bans) }] },
  });
}

const NETWORK = { Name: "bridge", Id: "0123456789abcdef0123456789abcdef", Driver: "bridge", Options: { "com.docker.network.bridge.name": "docker0", "com.docker.network.bridge.default_bridge": "true" } };
const own = (ifname: string, local: string, prefixlen: number): Record<string, unknown> => ({ ifname, flags: ["UP"], addr_info: [{ family: "inet", local, prefixlen, scope: ifname === "lo" ? "host" : "global" }] });
const ADDRESSES = {
  links: [
    { ifname: "lo", ifindex: 1, flags: ["LOOPBACK", "UP"] },
    { ifname: "eth0", ifindex: 2, flags: ["UP"] },
    { ifname: "docker0", ifindex: 3, flags: ["UP"], linkinfo: { info_kind: "bridge" } },
  ],
  addresses: [own("lo", "127.0.0.1", 8), own("eth0", "192.0.2.1", 24), own("docker0", "172.17.0.1", 16)],
  routes4: [
    { dst: "default", gateway: "192.0.2.254", dev: "eth0", flags: [] },
    { dst: "192.0.2.0/24", dev: "eth0", flags: [] },
    { dst: "172.17.0.0/16", dev: "docker0", flags: [] },
    ...[["127.0.0.0/8", "lo"], ["127.0.0.1", "lo"], ["192.0.2.1", "eth0"], ["172.17.0.1", "docker0"]].map(([dst, dev]) => ({ type: "local", dst, dev, table: "local", flags: [] })),
  ],
  routes6: [], rules4: null, rules6: null,
};

/** The dump; also of a host whose places are made up. */
function publishedPorts(places: readonly { readonly address: string; readonly port: number }[], bans: number): string {
  const syn = "-o docker0 -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m hashlimit --hashlimit-above 10/sec --hashlimit-burst 20 --hashlimit-mode srcip --hashlimit-name syn -j DROP";
  return [
    "*raw", ":PREROUTING ACCEPT [0:0]", ...places.map(({ address }) => `-A PREROUTING -d ${address}/32 ! -i docker0 -j DROP`), "COMMIT",
    "*nat", ":PREROUTING ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]", ":DOCKER - [0:0]", "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER", "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
    ...places.map(({ address, port }) => `-A DOCKER ! -i docker0 -p tcp -m tcp --dport ${String(port)} -j DNAT --to-destination ${address}:80`), "COMMIT",
    "*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":DOCKER - [0:0]", ":DOCKER-USER - [0:0]", "-A FORWARD -j DOCKER-USER",
    "-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-A FORWARD -o docker0 -j DOCKER", "-A FORWARD -i docker0 -j ACCEPT",
    ...places.map(({ address }) => `-A DOCKER -d ${address}/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT`), "-A DOCKER ! -i docker0 -o docker0 -j DROP",
    ...Array.from({ length: bans }, (_, index) => `-A DOCKER-USER -s ${sourceOf(index)}/32 -j DROP`), `-A DOCKER-USER ${syn}`, "COMMIT", "",
  ].join("\n");
}

/** Scattered addresses, one of each number. */
export function sourceOf(index: number): string {
  return [11 + (index % 200), (index >> 3) % 256, (index * 7) % 256, (index * 13) % 256].join(".");
}
