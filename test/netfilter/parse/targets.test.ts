import { describe, expect, it } from "vitest";
import { actionOf } from "../one-rule.ts";

const log = { kind: "log", prefix: "", level: 4, tcpSequence: false, tcpOptions: false, ipOptions: false, uid: false, macDecode: false };
const flags = { random: false, randomFully: false, persistent: false };

describe("verdicts", () => {
  it.each([
    ["", null],
    ["-j ACCEPT", { kind: "accept" }],
    ["--jump=DROP", { kind: "drop" }],
    ["-jRETURN", { kind: "return" }],
    ["-j QUEUE", { kind: "queue" }],
    ["-j NFQUEUE --queue-balance 0:4 --queue-bypass", { kind: "queue" }],
    ["-j CHAIN", { kind: "jump", chain: "CHAIN" }],
    ["-g CHAIN", { kind: "goto", chain: "CHAIN" }],
    ["-j REJECT", { kind: "reject", with: "port-unreachable" }],
    ["-j REJECT --reject-with icmp6-adm-prohibited", { kind: "reject", with: "adm-prohibited" }],
    ["-j REJECT --reject-with host-prohib", { kind: "reject", with: "host-prohibited" }],
    ["-j REJECT --reject-with tcp-rst", { kind: "reject", with: "tcp-reset" }],
    ["-j LOG", log],
    ['-j LOG --log-prefix "a b: " --log-level debug --log-tcp-sequence --log-uid', { ...log, prefix: "a b: ", level: 7, tcpSequence: true, uid: true }],
    ["-j NFLOG --nflog-group 3 --nflog-prefix x --nflog-threshold 4 --nflog-size 64", { kind: "nflog", group: 3, prefix: "x", threshold: 4 }],
    ["-j TRACE", { kind: "continue", extension: "TRACE", options: [] }],
    ["-j CHECKSUM --checksum-fill", { kind: "continue", extension: "CHECKSUM", options: ["--checksum-fill"] }],
    ["-j HMARK --hmark-rnd 4", { kind: "opaque", extension: "HMARK", words: ["-j", "HMARK", "--hmark-rnd", "4"] }],
  ])("%s", (words, action) => {
    expect(actionOf(words)).toEqual(action);
  });
});

describe("translation", () => {
  it.each([
    ["-j DNAT --to-destination 192.0.2.5:80", { kind: "dnat", addresses: { from: "192.0.2.5", to: "192.0.2.5" }, ports: { from: 80, to: 80 }, basePort: null, ...flags }],
    ["-j DNAT --to-destination :8080-8090/8000", { kind: "dnat", addresses: null, ports: { from: 8080, to: 8090 }, basePort: 8000, ...flags }],
    ["-j DNAT --to-destination [2001:db8::1]:443 --persistent", { kind: "dnat", addresses: { from: "2001:db8::1", to: "2001:db8::1" }, ports: { from: 443, to: 443 }, basePort: null, ...flags, persistent: true }],
    ["-j DNAT --to-destination 2001:db8::1", { kind: "dnat", addresses: { from: "2001:db8::1", to: "2001:db8::1" }, ports: null, basePort: null, ...flags }],
    ["-j SNAT --to-source 192.0.2.1-192.0.2.9 --random-fully", { kind: "snat", addresses: { from: "192.0.2.1", to: "192.0.2.9" }, ports: null, basePort: null, ...flags, randomFully: true }],
    ["-j MASQUERADE", { kind: "masquerade", ports: null, ...flags }],
    ["-j REDIRECT --to-ports 3128-3130 --random", { kind: "redirect", ports: { from: 3128, to: 3130 }, ...flags, random: true }],
  ])("%s", (words, action) => {
    expect(actionOf(words)).toEqual(action);
  });
});

describe("marks and the like", () => {
  it.each([
    ["-j MARK --set-xmark 0x1/0xff", { kind: "mark", value: 1, mask: 255 }],
    ["-j MARK --set-mark 0x100/0xff", { kind: "mark", value: 0x100, mask: 0x1ff }],
    ["-j MARK --set-mark 7", { kind: "mark", value: 7, mask: 0xffffffff }],
    ["-j MARK --and-mark 0xff", { kind: "mark", value: 0, mask: 0xffffff00 }],
    ["-j MARK --or-mark 0x80000000", { kind: "mark", value: 0x80000000, mask: 0x80000000 }],
    ["-j MARK --xor-mark 3", { kind: "mark", value: 3, mask: 0 }],
    ["-j CONNMARK --set-mark 1", { kind: "connmark", operation: "set", value: 1, mask: 0xffffffff }],
    ["-j CONNMARK --save-mark --mask 0xff", { kind: "connmark", operation: "save", packetMask: 255, connectionMask: 255 }],
    ["-j CONNMARK --restore-mark --nfmask 0xf --ctmask 0xffffffff", { kind: "connmark", operation: "restore", packetMask: 15, connectionMask: 0xffffffff }],
    ["-j NOTRACK", { kind: "notrack" }],
    ["-j CT --notrack", { kind: "notrack" }],
    ["-j CT --zone 7 --helper ftp", { kind: "ct", options: { helper: "ftp", zone: "7" } }],
    ["-j SYNPROXY --sack-perm --timestamp --wscale 7 --mss 1460", { kind: "synproxy", sackPermitted: true, timestamp: true, ecn: false, windowScale: 7, mss: 1460 }],
    ["-j TCPMSS --clamp-mss-to-pmtu", { kind: "tcpmss", mss: null }],
    ["-j TCPMSS --set-mss 1400", { kind: "tcpmss", mss: 1400 }],
  ])("%s", (words, action) => {
    expect(actionOf(words)).toEqual(action);
  });
});

it.each([
  "-j REJECT --reject-with rudeness", "-j REJECT --reject-with echo-reply", "-j LOG --log-level 8", "-j LOG --log-level loud", "-j LOG ! --log-uid", "-j DNAT", "-j DNAT --to-destination web:80", "-j DNAT --to-destination 192.0.2.1:80:90",
  "-j MARK", "-j MARK --set-mark 1 --or-mark 2", "-j CONNMARK --save-mark --restore-mark", "-j CONNMARK --save-mark --set-mark 1", "-j CONNMARK --set-mark 1 --mask 2", "-j CT --notrack --zone 1",
  "-j TCPMSS", "-j TCPMSS --set-mss 1 --clamp-mss-to-pmtu", "-j NFLOG --nflog-group 70000",
])("%s is opaque", (words) => {
  expect(actionOf(words)).toMatchObject({ kind: "opaque" });
});
