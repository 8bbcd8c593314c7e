import { describe, expect, it } from "vitest";
import { identifyRule } from "../../src/netfilter/index.ts";
import { ruleOf } from "./one-rule.ts";

const identity = (words: string): string => identifyRule(ruleOf(words));

describe("the same rule", () => {
  it.each([
    ["-p tcp --dport 22 -j ACCEPT", "-p tcp -m tcp --dport 22 -j ACCEPT"],
    ["-s 10.1.2.3/8 -j DROP", "-s 10.0.0.0/255.0.0.0 -j DROP"],
    ["-s 192.0.2.1 -j DROP", "-s 192.0.2.1/32 -j DROP"],
    ["-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"],
    ["-p tcp --syn -j DROP", "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP"],
    ["-i lo -s 192.0.2.1 -j ACCEPT", "-s 192.0.2.1/32 -i lo -j ACCEPT"],
    ["-m comment --comment one -j DROP", "-m comment --comment two -j DROP"],
    ["-p tcp -m tcp -j DROP", "-p tcp -j DROP"],
    ["-s 0.0.0.0/0 -p all -i + -j DROP", "-j DROP"],
    ["-j REJECT", "-j REJECT --reject-with icmp-port-unreachable"],
    ["-m limit --limit 5/minute -j LOG --log-level warning", "-m limit --limit 5/min -j LOG"],
  ])("%s = %s", (one, other) => {
    expect(identity(one)).toBe(identity(other));
  });

  it("whatever its counters", () => {
    const [line, other] = ["[0:0] -A INPUT -j DROP", "-A INPUT -j DROP -c 5 300"].map((words) => ruleOf(`-j ACCEPT\n${words}`));
    expect(line?.chain).toBe(other?.chain);
  });
});

describe("another rule", () => {
  it.each([
    ["-p tcp --dport 22 -j ACCEPT", "-p udp --dport 22 -j ACCEPT"],
    ["-s 192.0.2.1 -j DROP", "! -s 192.0.2.1 -j DROP"],
    ["-i eth0 -j DROP", "-i eth+ -j DROP"],
    ["-i eth0 -j DROP", "-o eth0 -j DROP"],
    ["-m limit --limit 5/min -j LOG", "-m limit --limit 5/sec -j LOG"],
    ["-m ttl --ttl-lt 3 -j DROP", "-m ttl --ttl-lt 4 -j DROP"],
    ["-j DROP", "-j CHAIN"],
    ["-j CHAIN", "-g CHAIN"],
    ["-j DROP", ""],
  ])("%s ≠ %s", (one, other) => {
    expect(identity(one)).not.toBe(identity(other));
  });
});
