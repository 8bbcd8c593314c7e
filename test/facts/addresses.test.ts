import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressScope, isAddress, splitHostEntry } from "../../src/facts/addresses.ts";

describe("the scope of an address", () => {
  it.each([
    ["0.0.0.0", "unspecified"], ["::", "unspecified"], ["[::]", "unspecified"], ["0:0:0:0:0:0:0:0", "unspecified"], ["::ffff:0.0.0.0", "unspecified"],
    ["127.0.0.1", "loopback"], ["127.255.255.255", "loopback"], ["::1", "loopback"], ["::ffff:127.0.0.1", "loopback"], ["::ffff:7f00:1", "loopback"],
    ["128.0.0.1", "global"], ["126.255.255.255", "global"], ["::2", "global"],
    ["169.254.1.1", "linkLocal"], ["fe80::1%eth0", "linkLocal"], ["FEBF::1", "linkLocal"], ["fec0::1", "global"],
    ["10.1.2.3", "private"], ["172.15.255.255", "global"], ["172.16.0.0", "private"], ["172.31.255.255", "private"], ["172.32.0.0", "global"],
    ["192.168.1.1", "private"], ["100.64.0.1", "private"], ["100.128.0.0", "global"], ["fd00::1", "private"], ["fe00::1", "global"],
    ["8.8.8.8", "global"], ["2001:db8::1", "global"],
    ["", "invalid"], ["web", "invalid"], ["1.2.3", "invalid"], ["1.2.3.4.5", "invalid"], [":::", "invalid"], ["127.0.0.01", "invalid"],
  ])("%j is %s", (text, scope) => {
    expect(addressScope(text)).toBe(scope);
  });

  it("is loopback where Node's own list says so", () => {
    const list = new BlockList();
    list.addSubnet("127.0.0.0", 8, "ipv4");
    list.addAddress("::1", "ipv6");
    const near = fc.constantFrom("127.0.0.0", "126.255.255.255", "128.0.0.0", "::", "::1", "::ffff:127.9.9.9", "::ffff:128.0.0.0");
    fc.assert(fc.property(fc.oneof(near, fc.ipV4(), fc.ipV6()), (address) => {
      expect(addressScope(address) === "loopback").toBe(list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6"));
    }));
  });
});

it.each(["1.2.3.4", "::1", "fe80::1%eth0", "fe80::1%1.2-x", "fe80::1%", "1.2.3.4%eth0", "", "[::1]", "fe80::1%et h"])("%j is an address if Node says so", (text) => {
  expect(isAddress(text)).toBe(isIP(text) !== 0);
});

it.each([
  ["db:10.0.0.1", { host: "db", address: "10.0.0.1" }],
  ["db=::1", { host: "db", address: "::1" }],
  ["db:[::1]", { host: "db", address: "::1" }],
  ["db", { host: "db", address: "" }],
])("%s is an entry of a hosts file", (entry, split) => {
  expect(splitHostEntry(entry)).toEqual(split);
});
