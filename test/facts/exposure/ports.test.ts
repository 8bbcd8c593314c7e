/** What rules in DOCKER-USER and INPUT come to for a published port: each mistake of NETFILTER's, and the set that held. */
import { describe, expect, it } from "vitest";
import { deriveExposedContainers } from "../../../src/facts/exposure/containers.ts";
import { deriveExposedPorts } from "../../../src/facts/exposure/ports.ts";
import { deriveRulesets } from "../../../src/facts/ruleset.ts";
import type { Port } from "../../../src/facts/model/port.ts";
import type { Snapshot } from "../../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../../support/snapshot.ts";

const ID = "0123456789abcdef0123456789abcdef";
const NETWORK = { Name: "bridge", Id: ID, Driver: "bridge", Options: { "com.docker.network.bridge.name": "docker0", "com.docker.network.bridge.default_bridge": "true" } };
const LINKS = [
  { ifname: "lo", ifindex: 1, flags: ["LOOPBACK", "UP"] },
  { ifname: "eth0", ifindex: 2, flags: ["UP"] },
  { ifname: "docker0", ifindex: 3, flags: ["UP"], linkinfo: { info_kind: "bridge" } },
];
const own = (ifname: string, local: string, prefixlen: number): Record<string, unknown> => ({ ifname, flags: ["UP"], addr_info: [{ family: "inet", local, prefixlen, scope: ifname === "lo" ? "host" : "global" }] });
const ADDRESSES = {
  links: LINKS, addresses: [own("lo", "127.0.0.1", 8), own("eth0", "192.0.2.1", 24), own("docker0", "172.17.0.1", 16)],
  routes4: [
    { dst: "default", gateway: "192.0.2.254", dev: "eth0", flags: [] }, { dst: "192.0.2.0/24", dev: "eth0", flags: [] }, { dst: "172.17.0.0/16", dev: "docker0", flags: [] },
    ...[["127.0.0.0/8", "lo"], ["127.0.0.1", "lo"], ["192.0.2.1", "eth0"], ["172.17.0.1", "docker0"]].map(([dst, dev]) => ({ type: "local", dst, dev, table: "local", flags: [] })),
  ],
  routes6: [], rules4: null, rules6: null,
};

const SYSCTLS = Object.fromEntries(["all", "default", "lo", "eth0", "docker0"].map((name) => [`net.ipv4.conf.${name}.forwarding`, "1"]));

/** A host as engine 20.10 leaves it: web publishes 8080, local 127.0.0.1:8081. */
function host(user: readonly string[] = [], input: readonly string[] = [], forwardPolicy = "DROP"): Snapshot {
  const text = `*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
-A DOCKER -d 127.0.0.1/32 ! -i docker0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 172.17.0.3:80
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ${forwardPolicy} [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
${input.map((rule) => `-A INPUT ${rule}\n`).join("")}-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A FORWARD -i docker0 -o docker0 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER -d 172.17.0.3/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
${user.map((rule) => `-A DOCKER-USER ${rule}\n`).join("")}-A DOCKER-USER -j RETURN
COMMIT
`;
  const container = (name: string, address: string, hostIp: string, port: string) => {
    const bindings = { "80/tcp": [{ HostIp: hostIp, HostPort: port }] };
    return containerOf(name, {
      State: { Status: "running" }, HostConfig: { NetworkMode: "default", PortBindings: bindings }, NetworkSettings: { Ports: bindings, Networks: { bridge: { NetworkID: ID, IPAddress: address } } },
    });
  };
  return snapshotOf({
    containers: [container("web", "172.17.0.2", "0.0.0.0", "8080"), container("local", "172.17.0.3", "127.0.0.1", "8081")],
    networks: [NETWORK], addresses: ADDRESSES, sysctl: { host: SYSCTLS, netError: null, namespaces: [], asked: [] },
    iptables: { dumps: [{ backend: "nft", family: "v4", program: "iptables-nft-save", status: "ok", detail: null, text }] },
  });
}

function portOf(snapshot: Snapshot, name = "8080/tcp"): Port {
  const found = deriveExposedPorts(snapshot).resources.find((port) => port.name === name);
  if (found === undefined) throw new Error(`there is no port ${name}`);
  return found;
}

const SYN = "-o docker0 -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN";
const PER_SOURCE = `${SYN} -m hashlimit --hashlimit-above 10/sec --hashlimit-burst 20 --hashlimit-mode srcip --hashlimit-name syn -j DROP`;

describe("who reaches a published port", () => {
  const reach = (user: readonly string[]): unknown[] => {
    const { reachable, reachableFromAny, reachableFrom } = portOf(host(user));
    return [reachable, reachableFromAny, reachableFrom];
  };

  it.each([
    ["without rules", [], [true, true, "any source"]],
    ["by sources, in the port that was asked for", ["! -s 203.0.113.0/24 -p tcp -m conntrack --ctorigdstport 8080 -j DROP", "-d 172.17.0.2/32 -i eth0 -m conntrack ! --ctstate DNAT,RELATED,ESTABLISHED -j DROP"], [true, false, "203.0.113.0/24"]],
    ["by sources, and straight to the container still", ["! -s 203.0.113.0/24 -p tcp -m conntrack --ctorigdstport 8080 -j DROP"], [true, true, "any source"]],
    ["with the port as it was before its translation", ["-p tcp -m tcp --dport 8080 -j DROP"], [true, true, "any source"]],
    ["with a drop of everything", ["-i eth0 -j DROP"], [false, false, ""]],
    ["but for a few, who are named", ["-s 203.0.113.7 -j DROP", "-s 198.51.100.0/24 -j DROP"], [true, true, "any source but 198.51.100.0/24, 203.0.113.7"]],
    ["by a country and a half, which is not whoever may send", ["! -s 64.0.0.0/3 -j DROP"], [true, false, "64.0.0.0/3"]],
  ])("%s", (_, user, expected) => {
    expect(reach(user)).toEqual(expected);
  });

  it("is not known where a rule is not understood, and the rule is named", () => {
    const snapshot = host(["-m geoip --source-country XX -j DROP"]);
    expect(portOf(snapshot).unknown["/reachableFromAny"]).toContain("-m geoip");
    expect(deriveRulesets(snapshot).resources[0]?.unanalysable.map(({ reason }) => reason).join()).toContain("-m geoip");
  });

  it("names the rules of INPUT that were meant for it", () => {
    expect(portOf(host([], ["-p tcp -m tcp --dport 8080 -j DROP"])).inputOnly.map(({ rule }) => rule)).toEqual(["-A INPUT -p tcp -m tcp --dport 8080 -j DROP"]);
    expect(portOf(host([], ["-p tcp -m tcp --dport 22 -j DROP", "-i eth1 -j DROP"])).inputOnly).toEqual([]);
  });

  it("is a neighbour too where the port is published on loopback, straight to the container", () => {
    expect(portOf(host(), "8081/tcp")).toMatchObject({ loopback: true, reachable: true });
    expect(portOf(host(["-i eth0 -j DROP"]), "8081/tcp")).toMatchObject({ loopback: true, reachable: false });
  });
});

describe("a limit on connection attempts", () => {
  const bound = (user: readonly string[], input: readonly string[] = []): unknown[] => {
    const { unlimitedFrom, synRate, synBurst, synShared } = portOf(host(user, input));
    return [unlimitedFrom, synRate, synBurst, synShared];
  };

  it.each([
    ["for each source holds", [PER_SOURCE], [], [[], 10, 20, false]],
    ["for all sources together is told as such", [`${SYN} -m limit --limit 10/sec --limit-burst 20 -j RETURN`, `${SYN} -j DROP`], [], [[], 10, 20, true]],
    ["without a drop behind it limits nothing", [`${SYN} -m limit --limit 10/sec -j RETURN`], [], [["any source"], null, null, false]],
    ["behind an ESTABLISHED rule lets a SYN that is sent again pass", ["-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN", PER_SOURCE], [], [["any source"], 10, 20, false]],
    ["does not hold for whom a rule before it spares", ["-s 203.0.113.7 -j RETURN", PER_SOURCE], [], [["203.0.113.7"], 10, 20, false]],
    ["for some spares all others", [PER_SOURCE.replace("-o docker0", "-s 198.51.100.0/24 -o docker0")], [], [["any source but 198.51.100.0/24"], 10, 20, false]],
    ["in INPUT limits nothing", [], [PER_SOURCE.replace("-o docker0 ", "")], [["any source"], null, null, false]],
    ["for translated packets alone is passed straight to the container", [PER_SOURCE.replace("-p tcp", "-p tcp -m conntrack --ctstate DNAT")], [], [["any source"], 10, 20, false]],
  ])("%s", (_, user, input, expected) => {
    expect(bound(user, input)).toEqual(expected);
  });
});

describe("other questions", () => {
  it("whether a container gets to the metadata service is not known where a rule leaves it to chance", () => {
    const chance = "-d 169.254.169.254/32 -m statistic --mode random --probability 0.5 -j DROP";
    const [web] = deriveExposedContainers(host([chance])).resources;
    expect([web?.name, web?.exposure.metadata, web?.unknown["/exposure/metadata"]]).toEqual(["web", false, `iptables-nft-save line 25: -A DOCKER-USER ${chance}`]);
  });

  it("parallel connections are bounded by connlimit alone", () => {
    const connlimit = `${SYN} -m connlimit --connlimit-above 50 --connlimit-mask 32 --connlimit-saddr -j REJECT --reject-with tcp-reset`;
    expect(portOf(host([connlimit]))).toMatchObject({ unboundedFrom: [], connectionLimit: 50 });
    expect(portOf(host([PER_SOURCE]))).toMatchObject({ unboundedFrom: ["any source"], connectionLimit: null });
  });

  it("scans have to be dropped in INPUT, where INVALID packets go, and before Docker's accepts", () => {
    const none = "-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j DROP";
    expect([[[], []], [[none], []], [[], [none]], [[none], [none]]].map(([user, input]) => portOf(host(user, input)).answersNullScan)).toEqual([true, true, true, false]);
  });

  it("ports that nobody published are open straight to the container where FORWARD accepts", () => {
    const direct = (policy: string): unknown => deriveExposedContainers(host([], [], policy)).resources.find(({ name }) => name === "web")?.exposure.directPorts;
    expect([direct("DROP"), direct("ACCEPT")]).toEqual([[], ["1-79", "81-65535"]]);
  });

  it("and where a rule lets but some sources in, with one of them named", () => {
    const exposure = (user: readonly string[]): unknown => {
      const { directPorts, directWitness } = deriveExposedContainers(host(user)).resources.find(({ name }) => name === "web")?.exposure ?? {};
      return [directPorts, directWitness];
    };
    expect(exposure([])).toEqual([[], ""]);
    expect(exposure(["-s 203.0.113.0/24 -j ACCEPT"])).toEqual([["1-79", "81-65535"], "203.0.113.0 to 172.17.0.2:1 by eth0"]);
    expect(exposure(["-s 203.0.113.0/24 -p tcp -m tcp --dport 80:90 -j ACCEPT"])).toEqual([["81-90"], "203.0.113.0 to 172.17.0.2:81 by eth0"]);
  });

  it("scans are asked from every source", () => {
    const scans = "-p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j DROP";
    expect(portOf(host([scans], ["-s 203.0.113.7 -j ACCEPT", scans])).answersNullScan).toBe(true);
  });

  it("a published port of SCTP is followed as others are", () => {
    const bindings = { "80/sctp": [{ HostIp: "0.0.0.0", HostPort: "9000" }] };
    const sctp = (user: readonly string[]): Port => {
      const snapshot = host(user);
      const text = snapshot.sources.iptables.data?.dumps[0]?.text?.replace("-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080", "-A DOCKER ! -i docker0 -p sctp -m sctp --dport 9000 -j DNAT --to-destination 172.17.0.2:80\n$&")
        .replace("-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp", "-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p sctp -m sctp --dport 80 -j ACCEPT\n$&") ?? null;
      const web = containerOf("web", { State: { Status: "running" }, HostConfig: { NetworkMode: "default", PortBindings: bindings }, NetworkSettings: { Ports: bindings, Networks: { bridge: { NetworkID: ID, IPAddress: "172.17.0.2" } } } });
      return portOf(snapshotOf({
        containers: [web], networks: [NETWORK], addresses: ADDRESSES, sysctl: snapshot.sources.sysctl,
        iptables: { dumps: [{ backend: "nft", family: "v4", program: "iptables-nft-save", status: "ok", detail: null, text }] },
      }), "9000/sctp");
    };
    expect(sctp([])).toMatchObject({ reachable: true, reachableFrom: "any source", witness: "192.0.2.2 to 192.0.2.1:9000 by eth0", unknown: {} });
    expect(sctp(["-p sctp -j DROP"])).toMatchObject({ reachable: false, unknown: {} });
    expect(sctp(["-p tcp -j DROP"])).toMatchObject({ reachable: true });
  });

  it("containers reach the host unless INPUT says otherwise", () => {
    const reached = (input: readonly string[], asker = "web"): unknown => deriveExposedContainers(host([], input)).resources.find(({ name }) => name === asker)?.exposure.hostPorts;
    expect(reached([])).toEqual(["1-65535"]);
    expect(reached(["-i docker0 -p tcp -m multiport --dports 22,2375,2376 -j DROP"])).toEqual(["1-21", "23-2374", "2377-65535"]);
    expect(reached(["-i docker0 -s 172.17.0.3/32 -j DROP"])).toEqual(["1-65535"]);
    // A rule for the other container cuts the other's ports alone.
    expect([reached(["-s 172.17.0.3/32 -p tcp -m tcp --dport 22 -j DROP"]), reached(["-s 172.17.0.3/32 -p tcp -m tcp --dport 22 -j DROP"], "local")]).toEqual([["1-65535"], ["1-21", "23-65535"]]);
  });

  it("a container in another's network namespace reaches what that one reaches", () => {
    const snapshot = host();
    snapshot.sources.containers.data?.push(containerOf("sidecar", { State: { Status: "running" }, HostConfig: { NetworkMode: "container:web" } }));
    expect(deriveExposedContainers(snapshot).resources.find(({ name }) => name === "sidecar")?.exposure.hostPorts).toEqual(["1-65535"]);
  });

  it("nothing is known without the engine's networks", () => {
    const snapshot = host();
    const unread: Snapshot = { ...snapshot, sources: { ...snapshot.sources, networks: { status: "failed", detail: "HTTP 500", data: null } } };
    expect(portOf(unread).unknown["/reachable"]).toBe("the engine's networks were not read: HTTP 500");
  });

  it("a limit without an interface hits what containers open, a drop of all others' sources the answers", () => {
    const rules = (user: readonly string[]) => deriveRulesets(host(user)).resources[0];
    expect(rules([PER_SOURCE.replace("-o docker0 ", "")])?.egressLimits.map(({ network }) => network)).toEqual(["bridge"]);
    expect(rules([PER_SOURCE])?.egressLimits).toEqual([]);
    expect(rules(["! -s 172.17.0.0/16 -j DROP"])?.droppedAnswers.map(({ network }) => network)).toEqual(["bridge"]);
    expect(rules([])?.droppedAnswers).toEqual([]);
  });

  it("a drop counts as logged where a log stands before it and takes all that it takes", () => {
    const logs = (user: readonly string[]): unknown => {
      const { logsDrops, logRate } = deriveRulesets(host(user)).resources[0] ?? {};
      return [logsDrops, logRate];
    };
    const drop = "-s 203.0.113.0/24 -j DROP";
    expect(logs([drop])).toEqual([false, null]);
    expect(logs(["-m limit --limit 5/min -j LOG", drop])).toEqual([true, 5]);
    expect(logs([drop, "-m limit --limit 5/min -j LOG"])).toEqual([false, null]);
    expect(logs(["-s 203.0.113.0/25 -j LOG", drop])).toEqual([false, null]);
    expect(logs(["-j LOG", drop])).toEqual([true, null]);
  });

  it("rules behind the RETURN that ends DOCKER-USER are dead, and the RETURN is named", () => {
    const snapshot = host(["-j RETURN", "-s 203.0.113.0/24 -j DROP"]);
    expect(deriveRulesets(snapshot).resources[0]?.deadRules.map(({ rule, because }) => [rule, /-A DOCKER-USER -j RETURN/.test(because)])).toEqual([["-A DOCKER-USER -s 203.0.113.0/24 -j DROP", true]]);
  });
});
