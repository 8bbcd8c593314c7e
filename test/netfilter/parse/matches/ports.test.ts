import { describe, expect, it } from "vitest";
import { conditionsOf } from "../../one-rule.ts";

const nothing = { sourcePorts: null, destinationPorts: null, flags: null, option: null, chunks: null };
const range = (from: number, to: number, negated = false) => ({ negated, value: { from, to } });

describe("ports", () => {
  it.each([
    ["-m tcp --dport 22", { kind: "tcp", ...nothing, destinationPorts: range(22, 22) }],
    ["-m tcp --destination-port https", { kind: "tcp", ...nothing, destinationPorts: range(443, 443) }],
    ["-m udp ! --sport 1024:", { kind: "udp", ...nothing, sourcePorts: range(1024, 65535, true) }],
    ["-m udp --sport :53 --dport 53:60", { kind: "udp", ...nothing, sourcePorts: range(0, 53), destinationPorts: range(53, 60) }],
    ["-m tcp --dport 0:65535", { kind: "tcp", ...nothing }],
    ["-m tcp ! --tcp-option 8", { kind: "tcp", ...nothing, option: { negated: true, value: 8 } }],
    ["-m sctp --dport 5 --chunk-types all DATA", { kind: "sctp", ...nothing, destinationPorts: range(5, 5), chunks: { negated: false, value: { scope: "all", types: "DATA" } } }],
    ["-m multiport --dports 80,443,8000:8010", { kind: "multiport", side: "destination", negated: false, ports: [{ from: 80, to: 80 }, { from: 443, to: 443 }, { from: 8000, to: 8010 }] }],
    ["-m multiport ! --ports domain", { kind: "multiport", side: "either", negated: true, ports: [{ from: 53, to: 53 }] }],
  ])("%s", (words, condition) => {
    expect(conditionsOf(words)).toEqual([condition]);
  });
});

describe("flags", () => {
  it.each([
    ["--syn", { negated: false, value: { mask: ["FIN", "SYN", "RST", "ACK"], set: ["SYN"] } }],
    ["--tcp-flags FIN,SYN,RST,ACK SYN", { negated: false, value: { mask: ["FIN", "SYN", "RST", "ACK"], set: ["SYN"] } }],
    ["! --tcp-flags ALL NONE", { negated: true, value: { mask: ["FIN", "SYN", "RST", "PSH", "ACK", "URG"], set: [] } }],
    ["--tcp-flags URG,FIN URG,FIN", { negated: false, value: { mask: ["FIN", "URG"], set: ["FIN", "URG"] } }],
  ])("%s", (words, flags) => {
    expect(conditionsOf(`-m tcp ${words}`)).toEqual([{ kind: "tcp", ...nothing, flags }]);
  });
});

describe("ICMP types", () => {
  it.each([
    ["-m icmp --icmp-type 8", { kind: "icmp", negated: false, type: 8, code: null }],
    ["-m icmp ! --icmp-type echo-request", { kind: "icmp", negated: true, type: 8, code: null }],
    ["-m icmp --icmp-type 3/4", { kind: "icmp", negated: false, type: 3, code: 4 }],
    ["-m icmp --icmp-type fragmentation-needed", { kind: "icmp", negated: false, type: 3, code: 4 }],
    ["-m icmp --icmp-type any", { kind: "icmp", negated: false, type: null, code: null }],
    ["-m icmp6 --icmpv6-type 135", { kind: "icmp6", negated: false, type: 135, code: null }],
    ["-m icmpv6 --icmpv6-type port-unreachable", { kind: "icmp6", negated: false, type: 1, code: 4 }],
  ])("%s", (words, condition) => {
    expect(conditionsOf(words, words.includes("6") ? 6 : 4)).toEqual([condition]);
  });
});

describe("opaque is", () => {
  it.each([
    "-m tcp --dport 70000", "-m tcp --dport 9:3", "-m tcp --dport no-such-service", "-m tcp --dport 022", "-m tcp --tcp-flags SYN,NEW SYN", "-m tcp --dport 1 --dport 2",
    "-m tcp --syn --tcp-flags SYN SYN", "-m multiport --dports 80 --sports 80", "-m multiport", "-m icmp --icmp-type 3/4/5", "-m icmp --icmp-type pigeon", "-m udp --syn",
  ])("%s", (words) => {
    expect(conditionsOf(words).map(({ kind }) => kind)).toEqual(["opaque"]);
  });
});
