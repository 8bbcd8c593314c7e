/** The walk of one packet through rule sets written by hand. The kernel judges it in walk.kernel.test.ts. */
import { describe, expect, it } from "vitest";
import { dockerNetwork, fateOf, firewallOf, hopsOf, walkIn } from "./world.ts";

const docker = firewallOf(`*nat
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
-A DOCKER-USER -m limit --limit 10/sec -j LOG
-A DOCKER-USER -j RETURN
COMMIT
`);

describe("a published port", () => {
  it("is translated, routed and forwarded, rule by rule", () => {
    const walk = walkIn(docker, "eth0 198.51.100.9:40000 > 192.0.2.1:8080 SYN");
    expect(fateOf(walk)).toBe("accept forward 172.17.0.2:80 docker0");
    expect(hopsOf(walk)).toEqual([
      "nat PREROUTING 1 jump DOCKER",
      "nat DOCKER 1 dnat to 172.17.0.2:80",
      "routing: out by docker0",
      "filter FORWARD 1 jump DOCKER-USER",
      "filter DOCKER-USER 2 return",
      "filter FORWARD 3 jump DOCKER",
      "filter DOCKER 1 accept",
      "nat POSTROUTING policy accept",
    ]);
    expect(walk.hops[1]?.source).toMatchObject({ line: 9, index: 1, text: "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80" });
  });

  it("is translated for later packets as for the first, without asking the nat chains", () => {
    const walk = walkIn(docker, "eth0 198.51.100.9:40000 > 192.0.2.1:8080 SYN", { connection: "ESTABLISHED" });
    expect(fateOf(walk)).toBe("accept forward 172.17.0.2:80 docker0");
    expect(hopsOf(walk)).toEqual(["routing: out by docker0", "filter FORWARD 1 jump DOCKER-USER", "filter DOCKER-USER 2 return", "filter FORWARD 2 accept"]);
  });

  it("answers, and the answer is translated back", () => {
    const first = walkIn(docker, "eth0 198.51.100.9:40000 > 192.0.2.1:8080 SYN");
    if (first.connection === null) throw new Error("not tracked");
    const reply = walkIn(docker, "veth1 172.17.0.2:80 > 198.51.100.9:40000 SYN,ACK", { connection: { ...first.connection, state: "ESTABLISHED", direction: "reply" } });
    expect(fateOf(reply)).toBe("accept forward 198.51.100.9:40000 eth0");
    expect(hopsOf(reply)).toEqual(["routing: out by eth0", "filter FORWARD 1 jump DOCKER-USER", "filter DOCKER-USER 2 return", "filter FORWARD 4 accept"]);
  });

  it.each(["NULL", "FIN", "FIN,PSH,URG", "SYN,FIN", "SYN,ACK", "RST"])("leaves %s alone: it is INVALID, not translated, and comes to the host", (flags) => {
    const walk = walkIn(docker, `eth0 198.51.100.9:40000 > 192.0.2.1:8080 ${flags}`);
    expect(fateOf(walk)).toBe("accept host 192.0.2.1:8080");
  });

  it("is reached from this host by OUTPUT, and is routed anew", () => {
    const walk = walkIn(docker, "- 192.0.2.1:40000 > 192.0.2.1:8080 SYN");
    expect(fateOf(walk)).toBe("accept forward 172.17.0.2:80 docker0");
    expect(hopsOf(walk)).toEqual([
      "nat OUTPUT 1 jump DOCKER",
      "nat DOCKER 1 dnat to 172.17.0.2:80",
      "routing: out by docker0",
      "filter OUTPUT policy accept",
      "nat POSTROUTING policy accept",
    ]);
  });
});

describe("other ways", () => {
  it("straight to a port that is not published: the policy drops", () => {
    const walk = walkIn(docker, "eth0 198.51.100.9:40000 > 172.17.0.2:9000 SYN");
    expect(fateOf(walk)).toBe("drop");
    expect(hopsOf(walk).at(-1)).toBe("filter FORWARD policy drop");
  });

  it("out of a container: masqueraded", () => {
    const walk = walkIn(docker, "docker0 172.17.0.2:40000 > 198.51.100.9:443 SYN");
    expect(fateOf(walk)).toBe("accept forward 198.51.100.9:443 eth0");
    expect(hopsOf(walk).at(-1)).toBe("nat POSTROUTING 1 masquerade to 192.0.2.1:40000");
  });

  it("from this host to itself: OUTPUT, POSTROUTING, and back by lo", () => {
    const walk = walkIn(docker, "- 127.0.0.1:40000 > 127.0.0.1:8080 SYN");
    expect(fateOf(walk)).toBe("accept host 127.0.0.1:8080");
    expect(hopsOf(walk)).toEqual(["nat OUTPUT policy accept", "filter OUTPUT policy accept", "nat POSTROUTING policy accept", "filter INPUT policy accept"]);
  });

  it("what this host sends to itself is of a confirmed connection when it comes back, what comes from outside is not yet", () => {
    const confirmed = firewallOf("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m conntrack --ctstatus CONFIRMED -j DROP\nCOMMIT\n");
    expect(walkIn(confirmed, "- 127.0.0.1:40000 > 127.0.0.1:8080 SYN").verdict).toBe("drop");
    expect(walkIn(confirmed, "eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN").verdict).toBe("accept");
  });

  it("between two containers on one bridge no rule is asked, unless br_netfilter hands the packet over", () => {
    expect(hopsOf(walkIn(docker, "veth1 172.17.0.3:40000 > 172.17.0.2:80 SYN"))).toEqual(["bridge: stays on docker0"]);
    const network = dockerNetwork({ "net.bridge.bridge-nf-call-iptables": "1" });
    const walk = walkIn(docker, "veth1 172.17.0.3:40000 > 172.17.0.2:80 SYN", { network });
    expect(fateOf(walk)).toBe("drop");
    expect(hopsOf(walk).at(-1)).toBe("filter FORWARD policy drop");
  });

  it("a packet stays on a bridge on which this host has no address where the network is known to be there", () => {
    const network = dockerNetwork({}, [{ bridge: "docker0", network: "172.30.6.0/24" }]);
    expect(hopsOf(walkIn(docker, "veth1 172.30.6.2:40000 > 172.30.6.1:80 SYN", { network }))).toEqual(["bridge: stays on docker0"]);
    expect(hopsOf(walkIn(docker, "veth1 172.30.6.2:40000 > 172.30.7.1:80 SYN", { network }))).not.toContain("bridge: stays on docker0");
    expect(hopsOf(walkIn(docker, "eth0 172.30.6.2:40000 > 172.30.6.1:80 SYN", { network }))).not.toContain("bridge: stays on docker0");
  });
});

describe("without the host's network", () => {
  it("a fate that hangs on routing is unknown, and the question says so", () => {
    const walk = walkIn(docker, "eth0 198.51.100.9:40000 > 192.0.2.1:9000 SYN", { network: null });
    expect(walk.verdict).toBe("unknown");
    expect(walk.questions.map(({ cause, text }) => [cause, text])).toContainEqual(["routing", "whether 192.0.2.1 is this host's own address"]);
  });

  it("a fate that is the same either way is known", () => {
    const closed = firewallOf("*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\nCOMMIT\n");
    expect(walkIn(closed, "eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN", { network: null }).verdict).toBe("drop");
  });
});

describe("what one packet does not tell", () => {
  const limited = firewallOf("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tcp --dport 22 -m limit --limit 10/sec -j ACCEPT\n-A INPUT -j DROP\nCOMMIT\n");

  it("a limit makes the verdict depend on it, and each scenario answers", () => {
    const walk = walkIn(limited, "eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN");
    expect([walk.verdict, walk.reason]).toEqual(["depends", "-m limit --limit 10/sec"]);
    expect(walk.limits.map(({ rule, test, answer }) => [rule.source.line, test.limit.amount, test.limit.burst, test.limit.keys, answer])).toEqual([[3, 10, 5, [], null]]);
    expect(walkIn(limited, "eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN", { scenario: "within" }).verdict).toBe("accept");
    expect(walkIn(limited, "eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN", { scenario: "beyond" }).verdict).toBe("drop");
  });

  it("what is not understood makes it unknown and is named, unless both answers come to the same", () => {
    const opaque = firewallOf('*filter\n:INPUT DROP [0:0]\n-A INPUT -m string --string "x" --algo bm -j ACCEPT\nCOMMIT\n');
    const walk = walkIn(opaque, "eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN");
    expect(walk.verdict).toBe("unknown");
    expect(walk.questions.map(({ cause, rule }) => [cause, rule?.source.line])).toEqual([["opaque", 3]]);
    const harmless = firewallOf('*filter\n:INPUT DROP [0:0]\n-A INPUT -m string --string "x" --algo bm -j DROP\nCOMMIT\n');
    expect(walkIn(harmless, "eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN").verdict).toBe("drop");
  });

  it("many rules on which nothing hangs open no ways", () => {
    const logs = Array.from({ length: 3000 }, () => "-A INPUT -m limit --limit 1/sec -j LOG").join("\n");
    expect(walkIn(firewallOf(`*filter\n:INPUT ACCEPT [0:0]\n${logs}\nCOMMIT\n`), "eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN").verdict).toBe("accept");
  });
});

describe("bad rule sets", () => {
  it("chains in a circle are refused with the line", () => {
    expect(() => firewallOf("*filter\n:INPUT ACCEPT [0:0]\n:A - [0:0]\n:B - [0:0]\n-A INPUT -j A\n-A A -j B\n-A B -j A\nCOMMIT\n")).toThrow(expect.objectContaining({ line: 7 }));
  });

  it.each<[string, readonly string[], number, string]>([
    ["a table that iptables does not have", ["*zzz", ":INPUT DROP [0:0]", "COMMIT"], 1, "iptables has no table zzz"],
    ["a table of a name that JavaScript gives a meaning", ["*constructor", "COMMIT"], 1, "iptables has no table constructor"],
    ["a base chain that its table does not have", ["*raw", ":PREROUTING ACCEPT [0:0]", ":FORWARD DROP [0:0]", "COMMIT"], 3, "iptables has no chain FORWARD in a table raw"],
    ["the same, not declared", ["*raw", ":PREROUTING ACCEPT [0:0]", "-A INPUT -j DROP", "COMMIT"], 3, "iptables has no chain INPUT in a table raw"],
    ["a rule of a chain that is not declared", ["*filter", ":INPUT DROP [0:0]", "-A INPUT -j DROP", "-A OWN -j ACCEPT", "COMMIT"], 4, "chain OWN is not declared: the dump is not whole"],
    ["a jump to a base chain", ["*filter", ":INPUT DROP [0:0]", ":FORWARD DROP [0:0]", "-A INPUT -j FORWARD", "COMMIT"], 4, "FORWARD is a chain that only the kernel calls"],
  ])("%s is refused with the line, as by iptables-restore", (_, lines, line, message) => {
    expect(() => firewallOf(`${lines.join("\n")}\n`)).toThrow(expect.objectContaining({ line, message }));
  });

  it("chains that double the way many times are given up with the line", () => {
    const names = Array.from({ length: 40 }, (_, index) => `C${index}`);
    const rules = names.flatMap((name, index) => (index === 39 ? [] : [`-A ${name} -j C${index + 1}`, `-A ${name} -j C${index + 1}`]));
    const text = ["*filter", ":INPUT ACCEPT [0:0]", ...names.map((name) => `:${name} - [0:0]`), "-A INPUT -j C0", ...rules, "-A C39 -p 99 -j DROP", "COMMIT", ""].join("\n");
    expect(() => walkIn(firewallOf(text), "eth0 198.51.100.9:40000 > 192.0.2.1:22 SYN")).toThrow(/met too often/);
  });
});

describe("two excluded ports", () => {
  const rules = `*filter
:INPUT ACCEPT [0:0]
-A INPUT -p tcp -m tcp ! --sport 22 ! --dport 22 -j DROP
COMMIT
`;
  const verdictOf = (backend: "nft" | "legacy", ports: string): string => walkIn(firewallOf(rules, { backend }), `eth0 198.51.100.9:${ports.replace(">", " > 192.0.2.1:")} SYN`).verdict;

  it("mean what is written with the legacy back end", () => {
    expect(["22>22", "22>80", "80>22", "80>80"].map((ports) => verdictOf("legacy", ports))).toEqual(["accept", "accept", "accept", "drop"]);
  });

  it("are compared as one by iptables-nft up to 1.8.9, so that one of them alone leaves it open", () => {
    expect(["22>22", "22>80", "80>22", "80>80"].map((ports) => verdictOf("nft", ports))).toEqual(["accept", "unknown", "unknown", "drop"]);
  });
});
