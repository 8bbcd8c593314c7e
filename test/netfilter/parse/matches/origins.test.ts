import { describe, expect, it } from "vitest";
import { conditionsOf } from "../../one-rule.ts";

const yes = <T>(value: T) => ({ negated: false, value });
const no = <T>(value: T) => ({ negated: true, value });

describe("basic options", () => {
  it.each([
    ["-s 10.1.2.3/8", { kind: "source", negated: false, networks: [{ family: 4, address: "10.0.0.0", mask: 8 }] }],
    ["-d 192.0.2.7", { kind: "destination", negated: false, networks: [{ family: 4, address: "192.0.2.7", mask: 32 }] }],
    ["-s 10.0.0.0/255.0.0.0", { kind: "source", negated: false, networks: [{ family: 4, address: "10.0.0.0", mask: 8 }] }],
    ["-s 10.9.12.9/255.0.255.0", { kind: "source", negated: false, networks: [{ family: 4, address: "10.0.12.0", mask: "255.0.255.0" }] }],
    ["-s 0.0.0.0/0", { kind: "source", negated: false, networks: [{ family: 4, address: "0.0.0.0", mask: 0 }] }],
    ["-s 2001:0DB8:0::00ff/48", { kind: "source", negated: false, networks: [{ family: 6, address: "2001:db8::", mask: 48 }] }],
    ["-d ::ffff:192.0.2.1", { kind: "destination", negated: false, networks: [{ family: 6, address: "::ffff:c000:201", mask: 128 }] }],
    ["-s 192.0.2.1,192.0.2.8/29", { kind: "source", negated: false, networks: [{ family: 4, address: "192.0.2.1", mask: 32 }, { family: 4, address: "192.0.2.8", mask: 29 }] }],
    ["! -i docker0", { kind: "in-interface", negated: true, name: "docker0", wildcard: false }],
    ["-o br-+", { kind: "out-interface", negated: false, name: "br-", wildcard: true }],
    ["-i +", { kind: "in-interface", negated: false, name: "", wildcard: true }],
    ["-p TCP", { kind: "protocol", negated: false, number: 6 }],
    ["! -p 47", { kind: "protocol", negated: true, number: 47 }],
    ["-p ipv6-icmp", { kind: "protocol", negated: false, number: 58 }],
  ])("%s", (words, condition) => {
    expect(conditionsOf(words)).toEqual([condition]);
  });
});

describe("where a packet comes from and goes to", () => {
  it.each([
    ["-m iprange --src-range 192.0.2.1-192.0.2.9 ! --dst-range 192.0.2.20", { kind: "iprange", source: yes({ from: "192.0.2.1", to: "192.0.2.9" }), destination: no({ from: "192.0.2.20", to: "192.0.2.20" }) }],
    ["-m set ! --match-set office src,dst", { kind: "set", negated: true, set: "office", directions: ["src", "dst"], returnNomatch: false }],
    ["-m set --match-set office src --return-nomatch ! --update-counters", { kind: "set", negated: false, set: "office", directions: ["src"], returnNomatch: true }],
    ["-m addrtype --src-type UNICAST,LOCAL ! --dst-type LOCAL", { kind: "addrtype", source: yes(["LOCAL", "UNICAST"]), destination: no(["LOCAL"]), limitInterface: null }],
    ["-m addrtype --dst-type LOCAL --limit-iface-in", { kind: "addrtype", source: null, destination: yes(["LOCAL"]), limitInterface: "in" }],
    [
      "-m physdev --physdev-is-in ! --physdev-in veth+ --physdev-is-bridged",
      { kind: "physdev", in: no({ name: "veth", wildcard: true }), out: null, isIn: true, isOut: null, isBridged: true },
    ],
    ["-m physdev ! --physdev-is-out", { kind: "physdev", in: null, out: null, isIn: null, isOut: false, isBridged: null }],
    ["-m rpfilter --loose --invert", { kind: "rpfilter", loose: true, validMark: false, acceptLocal: false, invert: true }],
    ["-m owner --uid-owner 0-99 ! --gid-owner 5 --socket-exists", { kind: "owner", users: yes({ from: 0, to: 99 }), groups: no({ from: 5, to: 5 }), supplementaryGroups: false, socketExists: true }],
    ["-m pkttype ! --pkt-type bcast", { kind: "pkttype", negated: true, type: "broadcast" }],
  ])("%s", (words, condition) => {
    expect(conditionsOf(words)).toEqual([condition]);
  });

  it.each([
    "-s 192.0.2.1/33", "-s 192.0.2", "-s 192.0.2.1/255.0.0.0/8", "-s fe80::1%eth0", "-m iprange --src-range 192.0.2.1-a", "-m set", "-m set --match-set office both",
    "-m set --match-set office src --packets-gt 5", "-m addrtype --dst-type NEAR", "-m addrtype --dst-type LOCAL --limit-iface-in --limit-iface-out", "-m owner --uid-owner root", "-m pkttype --pkt-type any",
  ])("%s is opaque", (words) => {
    expect(conditionsOf(words)).toMatchObject([{ kind: "opaque" }]);
  });
});
