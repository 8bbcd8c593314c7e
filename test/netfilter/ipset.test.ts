import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RulesetError, parseIpsets } from "../../src/netfilter/index.ts";
import { describeWith } from "../support/requirements.ts";

describe("ipset save", () => {
  it("gives sets with type, family and members", () => {
    const text = [
      "create office hash:net family inet hashsize 1024 maxelem 65536 counters comment bucketsize 12 initval 0x760b9978",
      'add office 192.0.2.0/24 packets 0 bytes 0 comment "two',
      'lines, add office 10.0.0.0/8"',
      "add office 192.0.2.7 timeout 30 nomatch",
      "create office six hash:ip family inet6 hashsize 1024",
      "add office six 2001:db8::1",
      "create ports bitmap:port range 0-1000",
      "add ports 22",
      "create all list:set size 8",
      "add all office six",
      "",
    ].join("\n");
    expect(parseIpsets(text)).toEqual([
      { name: "office", type: "hash:net", family: 4, mask: null, line: 1, members: [{ entry: "192.0.2.0/24", nomatch: false, line: 2 }, { entry: "192.0.2.7", nomatch: true, line: 4 }] },
      { name: "office six", type: "hash:ip", family: 6, mask: null, line: 5, members: [{ entry: "2001:db8::1", nomatch: false, line: 6 }] },
      { name: "ports", type: "bitmap:port", family: null, mask: null, line: 7, members: [{ entry: "22", nomatch: false, line: 8 }] },
      { name: "all", type: "list:set", family: null, mask: null, line: 9, members: [{ entry: "office six", nomatch: false, line: 10 }] },
    ]);
  });

  it("may be empty, and may have CRLF", () => {
    expect(parseIpsets("")).toEqual([]);
    expect(parseIpsets("create a hash:ip\r\nadd a 192.0.2.1\r\n")[0]?.members).toEqual([{ entry: "192.0.2.1", nomatch: false, line: 2 }]);
  });

  it.each([
    ["-A INPUT -j DROP", 1, "expected create or add"],
    ["create a", 1, "expected create NAME TYPE"],
    ["add a 192.0.2.1", 1, "adds to a set that is not created before"],
    ["create a hash:ip\nadd a", 2, "adds to a set that is not created before"],
    ["create a hash:ip\nadd a ", 2, "expected add NAME ENTRY"],
    ["create a hash:ip\ncreate a hash:ip", 2, "set a is created twice"],
    ['create a hash:ip comment\nadd a 192.0.2.1 comment "half', 2, "a quote is not closed"],
  ])("refuses %j at its line", (text, line, message) => {
    expect(() => parseIpsets(text)).toThrow(expect.objectContaining({ line, message }));
  });

  it("never fails in another way", () => {
    const words = fc.array(fc.constantFrom("create ", "add ", "a ", "b", "hash:ip", " comment ", '"', "\n", "192.0.2.1", " family inet6", "\r"), { maxLength: 20 });
    fc.assert(fc.property(fc.oneof(words.map((parts) => parts.join("")), fc.string()), (text) => {
      try {
        parseIpsets(text);
      } catch (error) {
        expect(error).toBeInstanceOf(RulesetError);
      }
    }));
  });
});

describeWith({ root: true, programs: ["unshare", "ipset"] }, "what ipset prints", () => {
  it("is read whole", () => {
    const commands = [
      "create 'sp ace' hash:net,port comment counters timeout 600",
      "add 'sp ace' 10.0.0.0/8,tcp:80 comment 'create x hash:ip'",
      "create six hash:net family inet6",
      "add six 2001:db8::/32",
      "add six 2001:db8:1::/48 nomatch",
      "create list list:set",
      "add list 'sp ace'",
    ];
    const dump = execFileSync("unshare", ["-n", "sh", "-ec", `${commands.map((command) => `ipset ${command}`).join("; ")}; ipset save`], { encoding: "utf8" });
    expect(parseIpsets(dump).map(({ name, type, family, members }) => [name, type, family, members.map(({ entry, nomatch }) => (nomatch ? `! ${entry}` : entry)).sort()])).toEqual([
      ["sp ace", "hash:net,port", 4, ["10.0.0.0/8,tcp:80"]],
      ["six", "hash:net", 6, ["! 2001:db8:1::/48", "2001:db8::/32"]],
      ["list", "list:set", null, ["sp ace"]],
    ]);
  });
});
