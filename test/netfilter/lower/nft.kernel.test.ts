/** nft's rules against the kernel: random tables loaded and listed, random packets sent from every side, and the fate of each compared with the walk's. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../../support/requirements.ts";
import { type RandomLab, openRandomLab } from "../lab/random.ts";
import { runRandomNft } from "../lab/random-nft.ts";

/** Rule sets of each family; `npm run oracle -- --count N` has more. */
const RUNS = 36;
/** The same each time, so that what is red was broken by a change. */
const SEED = 1;

describeWith({ root: true, programs: ["unshare", "nsenter", "perl", "ip", "nft", "conntrack", "ipset"] }, "fates of random packets under random rules of nft", () => {
  let opened: RandomLab;
  beforeAll(async () => {
    opened = await openRandomLab();
  });
  afterAll(() => opened.lab.close());

  for (const family of [4, 6] as const) {
    it(`are what the kernel does: IPv${family}`, { timeout: 300_000 }, async () => {
      const { tally, failure } = await runRandomNft(opened, { family, runs: RUNS, seed: SEED });
      expect(failure).toBeNull();
      // A thousand first packets and hundreds of later ones; only rules that nothing understands leave a fate open, and of every other kind there are some.
      expect([tally.packets - tally.later > 1000, tally.later > 400]).toEqual([true, true]);
      expect(tally.unknown / tally.packets).toBeLessThan(0.04);
      expect([tally.accepted > tally.packets / 8, tally.rejected > 0, tally.answered > 0]).toEqual([true, true, true]);
    });
  }
});
