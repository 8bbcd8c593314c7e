/** Whoever is on the host now stays, and comes in again: or the rule that forbids it is named. */
import { describe, expect, it } from "vitest";
import { type AccessProof, proveAccess } from "../../../src/remediation/proof/access.ts";
import { readKeep } from "../../../src/remediation/proof/keep.ts";
import { readSshConnection } from "../../../src/remediation/proof/ssh-connection.ts";
import type { Snapshot } from "../../../src/snapshot/model.ts";
import { filterOf, hostOf } from "./host.ts";

const OPEN = hostOf({});
const TRACKED = hostOf({ v4: filterOf(["-A INPUT -m conntrack --ctstate INVALID -j DROP"]), v6: filterOf(["-A INPUT -m conntrack --ctstate INVALID -j DROP"]) });

function cameBy(text: string, after: Snapshot, before = TRACKED): string {
  return say(proveAccess(after, { connection: readSshConnection(text), keep: [] }, before));
}

function keeps(text: string, after: Snapshot, before = TRACKED): string {
  return say(proveAccess(after, { connection: null, keep: [readKeep(text)] }, before));
}

function say(proof: AccessProof): string {
  return proof.verdict === "accepted" ? "accepted" : `${proof.verdict}: ${proof.packet}: ${proof.rule}`;
}

const SSH4 = "198.51.100.9 52344 192.0.2.1 22";
const v4 = (...args: Parameters<typeof filterOf>): Snapshot => hostOf({ v4: filterOf(...args) });

describe("the connection that one came by", () => {
  it.each([SSH4, "::ffff:198.51.100.9 52344 ::ffff:192.0.2.1 22", "2001:db8:9::9 52344 2001:db8::1 22", "fe80::9%eth0 52344 fe80::1%eth0 22", "127.0.0.1 50000 127.0.0.1 22", "172.17.0.2 50000 172.17.0.1 22"])("%s goes on where nothing is filtered", (text) => {
    expect([cameBy(text, OPEN), cameBy(text, OPEN, OPEN)]).toEqual(["accepted", "accepted"]);
  });

  it("goes on by an accept for its port, and needs one for new connections too", () => {
    const established = "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT";
    expect(cameBy(SSH4, v4([established, "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"], { input: "DROP" }))).toBe("accepted");
    expect(cameBy(SSH4, v4([established, "-A INPUT -p tcp -m tcp --dport 2222 -j ACCEPT"], { input: "DROP" }))).toBe(
      "refused: tcp SYN from 198.51.100.9:40000 to 192.0.2.1:22 by eth0 (a new connection): policy of filter INPUT");
  });

  it("is refused where only new ones are accepted", () => {
    expect(cameBy(SSH4, v4(["-A INPUT -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT"], { input: "DROP" }))).toMatch(/^refused: tcp PSH,ACK from 198\.51\.100\.9:52344 .* \(of the open connection\)/);
  });

  it("needs its answers", () => {
    expect(cameBy(SSH4, v4([], { output: "DROP" }))).toMatch(/^refused: tcp PSH,ACK from 192\.0\.2\.1:22 to 198\.51\.100\.9:52344 from this host \(an answer of the open connection\)/);
    expect(cameBy(SSH4, v4(["-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT"], { output: "DROP" }))).toBe("accepted");
    expect(cameBy(SSH4, v4(["-A OUTPUT -p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK -j DROP"]))).toMatch(/^refused: .* \(the answer to a new connection\): iptables-nft-save line 5: -A OUTPUT/);
  });

  it("begins anew in the kernel's eyes where nothing was tracked", () => {
    const strict = v4(["-A INPUT -p tcp ! --syn -m conntrack --ctstate NEW -j DROP"]);
    expect(cameBy(SSH4, strict, TRACKED)).toBe("accepted");
    expect(cameBy(SSH4, strict, OPEN)).toMatch(/^refused: tcp PSH,ACK .* \(of the open connection, which was not tracked so far\): iptables-nft-save line 5/);
  });

  it("may meet limits as a new one, but not as it stands", () => {
    expect(cameBy(SSH4, v4(["-A INPUT -p tcp --syn -m limit --limit 10/sec -j ACCEPT", "-A INPUT -p tcp --syn -j DROP"]))).toBe("accepted");
    const stifling = v4(["-A INPUT -p tcp -m limit --limit 10/sec -j ACCEPT"], { input: "DROP" });
    expect(cameBy(SSH4, stifling)).toMatch(/^refused: tcp PSH,ACK/);
    expect(cameBy(SSH4, stifling, stifling)).toBe("accepted");
  });

  it("is unknown where a rule is not understood, and where the rules are not those of its namespace", () => {
    expect(cameBy(SSH4, v4(['-A INPUT -p tcp -m u32 --u32 "0=1" -j DROP']))).toMatch(/^unknown: .*: iptables-nft-save line 5: -A INPUT -p tcp -m u32/);
    expect(cameBy("198.51.100.9 52344 10.9.9.9 22", OPEN)).toContain("the server's address is none of the network namespace whose rules were read");
    expect(cameBy(SSH4, { ...OPEN, sources: { ...OPEN.sources, addresses: { status: "denied", detail: "no", data: null } } })).toMatch(/^unknown: .* were not read$/);
  });

  it.each(["", "198.51.100.9 52344 192.0.2.1", "a 1 b 2", "198.51.100.9 1 2001:db8::1 22", "198.51.100.9 0 192.0.2.1 22", "198.51.100.9 1 192.0.2.1 65536", "fe80::1% 1 fe80::2 22"])("%j is no SSH_CONNECTION", (text) => {
    expect(() => readSshConnection(text)).toThrow("SSH_CONNECTION");
  });
});

describe("an access that is to be kept", () => {
  it("is kept for every source, or a source that is shut out is named", () => {
    const open = v4(["-A INPUT -s 203.0.113.0/24 -p tcp -m tcp --dport 22 -j ACCEPT"], { input: "DROP" });
    expect(keeps("203.0.113.0/24:22", open)).toBe("accepted");
    expect(keeps("203.0.113.7:22", open)).toBe("accepted");
    expect(keeps("203.0.112.0/23:22", open)).toMatch(/^refused: tcp SYN from 203\.0\.112\.0:40000 to 192\.0\.2\.1:22 by eth0 \(a new connection\): policy of filter INPUT$/);
    expect(keeps("203.0.113.0/24:22", v4(["-A INPUT -s 203.0.113.77/32 -j DROP"]))).toMatch(/^refused: tcp SYN from 203\.0\.113\.77:40000 .*line 5: -A INPUT -s 203\.0\.113\.77\/32 -j DROP$/);
  });

  it("needs its answers, each of them", () => {
    expect(keeps("203.0.113.0/24:22", v4(["-A OUTPUT -d 203.0.113.128/25 -j DROP"]))).toMatch(/^refused: tcp SYN,ACK from 192\.0\.2\.1:22 to 203\.0\.113\.128:40000 from this host/);
  });

  it("is asked on every interface that leads to its sources", () => {
    expect(keeps("0.0.0.0/0:22", OPEN)).toBe("accepted");
    expect(keeps("0.0.0.0/0:22", v4(["-A INPUT -i docker0 -j REJECT"]))).toMatch(/^refused: tcp SYN from 172\.17\.0\.0:40000 to 172\.17\.0\.1:22 by docker0/);
    expect(keeps("[2001:db8:9::/48]:22", hostOf({ v6: filterOf(["-A INPUT -s 2001:db8:9:8::/64 -j DROP"]) }))).toMatch(/^refused: tcp SYN from \[2001:db8:9:8::\]:40000 to \[2001:db8::1\]:22 by eth0/);
    expect(keeps("::/0:22", OPEN)).toBe("accepted");
  });

  it("is unknown where no route leads there", () => {
    const lost = { ...OPEN, sources: { ...OPEN.sources, addresses: { ...OPEN.sources.addresses, data: OPEN.sources.addresses.data && { ...OPEN.sources.addresses.data, routes4: [] } } } };
    expect(keeps("203.0.113.0/24:22", lost)).toMatch(/^unknown: .*no route leads to 203\.0\.113\.0/);
  });

  it.each([["::ffff:203.0.113.0/120:22", "203.0.113.0/24:22"], ["2001:db8::7:22", "[2001:db8::7]:22"]])("%s is %s", (one, other) => {
    expect(readKeep(one)).toEqual({ ...readKeep(other), text: one });
  });

  it.each(["", "22", "203.0.113.0/33:22", "203.0.113.0/24", "203.0.113.0/24:0", "host:22", "::ffff:203.0.113.0/24:22", "203.0.113.0/24/8:22", "[203.0.113.7:22", "2001:db8::1]:22"])("%j is no CIDR:PORT", (text) => {
    expect(() => readKeep(text)).toThrow("is no CIDR:PORT");
  });
});
