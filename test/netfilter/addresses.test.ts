import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAddress, parseAddress, prefixLength, prefixMask } from "../../src/netfilter/addresses.ts";

describe("an address", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["2001:0DB8::0001", "2001:db8::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["::", "::"],
    ["1::", "1::"],
    ["::1", "::1"],
    ["::ffff:192.0.2.1", "::ffff:c000:201"],
  ])("%s is %s", (text, usual) => {
    const address = parseAddress(text);
    expect(address === null ? null : formatAddress(address)).toBe(usual);
  });

  it.each(["", "192.0.2", "192.0.2.256", "01.2.3.4", "2001:db8::1::2", "fe80::1%eth0", "web"])("%j is none", (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it("is read back from its usual spelling", () => {
    const address = fc.oneof(
      fc.record({ family: fc.constant(4 as const), value: fc.bigInt(0n, 2n ** 32n - 1n) }),
      fc.record({ family: fc.constant(6 as const), value: fc.array(fc.constantFrom(0, 0, 1, 0xabc, 0xffff), { minLength: 8, maxLength: 8 }).map((groups) => groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n)) }),
    );
    fc.assert(fc.property(address, (one) => { expect(parseAddress(formatAddress(one))).toEqual(one); }));
  });
});

it("is what Node takes for one, and nothing else is", () => {
  const piece = fc.constantFrom("0", "1", "9", "01", "25", "255", "256", "a", "FFFF", "12345", "g", ".", ".", ".", ":", ":", ":", "::", "-", " ", "");
  const loose = fc.array(piece, { maxLength: 17 }).map((pieces) => pieces.join(""));
  const groups = fc.array(fc.constantFrom("0", "1", "ffff", "0a", "192.0.2.1", ""), { minLength: 1, maxLength: 9 }).map((parts) => parts.join(":"));
  const sound = fc.oneof(fc.ipV4(), fc.ipV6());
  const kinds = new Set<number>();
  fc.assert(fc.property(fc.oneof(loose, groups, sound), (text) => {
    kinds.add(isIP(text));
    expect(parseAddress(text)?.family ?? 0).toBe(isIP(text));
  }), { numRuns: 5000 });
  expect(kinds.size).toBe(3);
});

it("a prefix length and its mask are one", () => {
  for (const family of [4, 6] as const) {
    for (let length = 0; length <= (family === 4 ? 32 : 128); length++) expect(prefixLength({ family, value: prefixMask(length, family) })).toBe(length);
  }
  expect(prefixLength({ family: 4, value: 0xff00ff00n })).toBeNull();
});
