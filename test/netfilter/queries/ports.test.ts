import { describe, expect, it } from "vitest";
import { findMismatchedPorts, parseSave } from "../../../src/netfilter/index.ts";

const WEB = { protocol: 6, hostPort: 8080, containerPort: 80 };
const SSH = { protocol: 6, hostPort: 2222, containerPort: 22 };

const find = (rules: string, ports = [WEB], table = "filter"): unknown[] => findMismatchedPorts(parseSave(`*${table}
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-USER - [0:0]
:LIMIT - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
${rules}
COMMIT
`, 4), ports).map(({ rule, port }) => [rule.line, port.hostPort]);

describe("findMismatchedPorts", () => {
  it.each([
    ["the published port in DOCKER-USER", "-A DOCKER-USER -p tcp -m tcp --dport 8080 -j DROP", [[10, 8080]]],
    ["among several", "-A DOCKER-USER -p tcp -m multiport --dports 443,8080 -j DROP", [[10, 8080]]],
    ["in a chain of its own", "-A DOCKER-USER -j LIMIT\n-A LIMIT -p tcp -m tcp --dport 8080 -j DROP", [[11, 8080]]],
    ["in FORWARD itself, with the host's address", "-A FORWARD -d 192.0.2.1/32 -p tcp -m tcp --dport 8080 -j ACCEPT", [[10, 8080]]],
    ["the container's port", "-A DOCKER-USER -p tcp -m tcp --dport 80 -j DROP", []],
    ["the port that was asked for", "-A DOCKER-USER -p tcp -m conntrack --ctorigdstport 8080 --ctdir ORIGINAL -j DROP", []],
    ["another protocol", "-A DOCKER-USER -p udp -m udp --dport 8080 -j DROP", []],
    ["a source port", "-A DOCKER-USER -p tcp -m tcp --sport 8080 -j DROP", []],
    ["a range that holds it", "-A DOCKER-USER -p tcp -m tcp --dport 1024:65535 -j DROP", []],
    ["every other port", "-A DOCKER-USER -p tcp -m tcp ! --dport 8080 -j DROP", []],
    ["what containers send", "-A DOCKER-USER -i docker0 -p tcp -m tcp --dport 8080 -j DROP", []],
    ["what the host itself takes", "-A INPUT -p tcp -m tcp --dport 8080 -j DROP", []],
    ["a chain that INPUT leads to as well", "-A INPUT -j LIMIT\n-A DOCKER-USER -j LIMIT\n-A LIMIT -p tcp -m tcp --dport 8080 -j DROP", []],
    ["a rule of Docker's own", "-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 8080 -j ACCEPT", []],
  ] as const)("%s", (_, rules, expected) => {
    expect(find(rules)).toEqual(expected);
  });

  it("leaves a port alone that is some container's own", () => {
    const rules = "-A DOCKER-USER -p tcp -m tcp --dport 2222 -j DROP";
    expect([find(rules, [WEB, SSH]), find(rules, [WEB, SSH, { protocol: 6, hostPort: 1000, containerPort: 2222 }])]).toEqual([[[10, 2222]], []]);
  });

  it("leaves a port alone that is published as it is", () => {
    expect(find("-A DOCKER-USER -p tcp -m tcp --dport 8080 -j DROP", [{ protocol: 6, hostPort: 8080, containerPort: 8080 }])).toEqual([]);
  });
});
