import { expect, it } from "vitest";
import { conditionsOf } from "../../one-rule.ts";

const string = { kind: "string", negated: false, pattern: "x y", hex: false, algorithm: "bm", from: 0, to: 65535, ignoreCase: false };

it.each([
  ["-m mark --mark 0x10/0xff", { kind: "mark", negated: false, value: 16, mask: 255 }],
  ["-m connmark ! --mark 7", { kind: "connmark", negated: true, value: 7, mask: 4294967295 }],
  ['-m string --string "x y" --algo bm', string],
  ['-m string ! --hex-string "|0a0b|" --algo kmp --from 20 --to 60 --icase', { ...string, negated: true, pattern: "|0a0b|", hex: true, algorithm: "kmp", from: 20, to: 60, ignoreCase: true }],
  ['-m u32 ! --u32 "0x0=0x1&&0x6&0xff=0x11"', { kind: "u32", negated: true, expression: "0x0=0x1&&0x6&0xff=0x11" }],
  ["-m statistic --mode random --probability 0.50000000000", { kind: "statistic", mode: "random", negated: false, probability: 0.5 }],
  ["-m statistic --mode nth ! --every 5 --packet 2", { kind: "statistic", mode: "nth", negated: true, every: 5, packet: 2 }],
  ["-m comment --comment plain", { kind: "comment", text: "plain" }],
])("%s", (words, condition) => {
  expect(conditionsOf(words)).toEqual([condition]);
});

it("a probability is what the kernel keeps of it", () => {
  expect(conditionsOf("-m statistic --mode random --probability 0.33")).toEqual(conditionsOf("-m statistic --mode random --probability 0.33000000007"));
});

it.each([
  "-m mark", "-m mark --mark 0x1/2/3", "-m mark --mark 0x100000000", "-m string --string a", "-m string --string a --hex-string b --algo bm", "-m statistic --mode often",
  "-m statistic --mode random --probability 2", "-m statistic --mode nth", "-m comment", "-m u32",
])("%s is opaque", (words) => {
  expect(conditionsOf(words)).toMatchObject([{ kind: "opaque" }]);
});
