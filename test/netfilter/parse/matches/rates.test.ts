import { describe, expect, it } from "vitest";
import { conditionsOf } from "../../one-rule.ts";

const packets = (amount: number, perSeconds: number) => ({ amount, unit: "packets", perSeconds });
const hashlimit = { kind: "hashlimit", above: false, rate: packets(10, 1), burst: 5, name: "syn", keys: [], sourcePrefix: 32, destinationPrefix: 32, rateMatch: false };
const connlimit = { kind: "connlimit", above: true, count: 50, prefix: 32, by: "source" };
const recent = {
  kind: "recent", action: "set", negated: false, seconds: null, reap: false, hitcount: null, sameTtl: false, name: "DEFAULT", mask: "255.255.255.255", by: "source",
};

describe("conditions that depend on what came before", () => {
  it.each([
    ["-m limit --limit 10/sec --limit-burst 20", { kind: "limit", rate: packets(10, 1), burst: 20 }],
    ["-m limit --limit 5/min", { kind: "limit", rate: packets(5, 60), burst: 5 }],
    ["-m limit --limit 3/h", { kind: "limit", rate: packets(3, 3600), burst: 5 }],
    ["-m limit --limit 7", { kind: "limit", rate: packets(7, 1), burst: 5 }],
    ["-m limit", { kind: "limit", rate: packets(3, 3600), burst: 5 }],
    ["-m hashlimit --hashlimit-upto 10/sec --hashlimit-name syn", hashlimit],
    ["-m hashlimit --hashlimit 10/second --hashlimit-name syn", hashlimit],
    ["-m hashlimit ! --hashlimit-upto 10/sec --hashlimit-name syn", { ...hashlimit, above: true }],
    [
      "-m hashlimit --hashlimit-above 10/sec --hashlimit-burst 20 --hashlimit-mode srcip,dstport --hashlimit-name syn --hashlimit-htable-expire 30000 --hashlimit-srcmask 24",
      { ...hashlimit, above: true, burst: 20, keys: ["dstport", "srcip"], sourcePrefix: 24 },
    ],
    ["-m hashlimit --hashlimit-upto 4kb/s --hashlimit-burst 1mb --hashlimit-name syn", { ...hashlimit, rate: { amount: 4096, unit: "bytes", perSeconds: 1 }, burst: 1048576 }],
    ["-m hashlimit --hashlimit-upto 10mb/s --hashlimit-name syn", { ...hashlimit, rate: { amount: 10485760, unit: "bytes", perSeconds: 1 }, burst: null }],
    ["-m connlimit --connlimit-above 50 --connlimit-mask 32 --connlimit-saddr", connlimit],
    ["-m connlimit --connlimit-above 50", connlimit],
    ["-m connlimit ! --connlimit-above 50", { ...connlimit, above: false }],
    ["-m connlimit --connlimit-upto 2 --connlimit-mask 24 --connlimit-daddr", { ...connlimit, above: false, count: 2, prefix: 24, by: "destination" }],
    ["-m recent --set --name DEFAULT --mask 255.255.255.255 --rsource", recent],
    ["-m recent --set", recent],
    [
      "-m recent ! --update --seconds 60 --reap --hitcount 4 --rttl --name ssh --mask 255.255.255.0 --rdest",
      { ...recent, action: "update", negated: true, seconds: 60, reap: true, hitcount: 4, sameTtl: true, name: "ssh", mask: "255.255.255.0", by: "destination" },
    ],
  ])("%s", (words, condition) => {
    expect(conditionsOf(words)).toEqual([condition]);
  });

  it("count whole addresses of their family", () => {
    expect(conditionsOf("-m connlimit --connlimit-above 50", 6)).toEqual([{ ...connlimit, prefix: 128 }]);
    expect(conditionsOf("-m recent --set", 6)).toEqual([{ ...recent, mask: "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" }]);
  });

  it.each([
    "-m limit --limit 5/fortnight", "-m limit --limit 5/", "-m hashlimit --hashlimit-upto 5/sec", "-m hashlimit --hashlimit-upto 5/sec --hashlimit-above 5/sec --hashlimit-name x",
    "-m hashlimit --hashlimit-upto 5/sec --hashlimit-name x --hashlimit-rate-interval 3", "-m connlimit", "-m connlimit --connlimit-above 5 --connlimit-mask 33", "-m recent --seconds 5", "-m recent --set --remove",
  ])("%s is opaque", (words) => {
    expect(conditionsOf(words)).toMatchObject([{ kind: "opaque" }]);
  });
});
