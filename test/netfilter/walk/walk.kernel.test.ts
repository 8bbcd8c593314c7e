/** The walk against the kernel: random rule sets loaded, random packets sent from every side, and the fate of each compared. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../../support/requirements.ts";
import { type RandomLab, openRandomLab, runRandom } from "../lab/random.ts";

const PROGRAMS = ["unshare", "nsenter", "perl", "ip", "nft", "conntrack", "ipset", "iptables-nft-restore", "iptables-legacy-restore"];

/** Rule sets of each back end and family; `npm run oracle -- --count N` has more. */
const RUNS = 24;
/** The same each time, so that what is red was broken by a change; the oracle looks for what nobody has met yet. */
const SEED = 1;

for (const backend of ["nft", "legacy"] as const) {
  describeWith({ root: true, programs: PROGRAMS }, `fates of random packets under random rules, iptables-${backend}`, () => {
    let opened: RandomLab;
    beforeAll(async () => {
      opened = await openRandomLab();
    });
    afterAll(() => opened.lab.close());

    for (const family of [4, 6] as const) {
      it(`are what the kernel does: IPv${family}`, { timeout: 300_000 }, async () => {
        const { tally, failure } = await runRandom(opened, { backend, family, runs: RUNS, seed: SEED });
        expect(failure).toBeNull();
        // A thousand first packets and hundreds of later ones; only rules that nothing understands leave a fate open, and of every other kind there are some.
        expect([tally.packets - tally.later > 1000, tally.later > 400]).toEqual([true, true]);
        expect(tally.unknown / tally.packets).toBeLessThan(0.04);
        expect([tally.accepted > tally.packets / 5, tally.rejected > 0, tally.answered > 0]).toEqual([true, true, true]);
      });
    }
  });
}

describeWith({ root: true, programs: PROGRAMS }, "fates of random packets where a bridge hands what stays on it to the IP filters", () => {
  let opened: RandomLab;
  beforeAll(async () => {
    opened = await openRandomLab({ bridged: true });
  });
  afterAll(() => opened.lab.close());

  for (const family of [4, 6] as const) {
    it(`are what the kernel does: IPv${family}`, { timeout: 300_000 }, async () => {
      const { tally, failure } = await runRandom(opened, { backend: "nft", family, runs: 12, seed: SEED });
      expect(failure).toBeNull();
      expect([tally.packets > 500, tally.unknown / tally.packets < 0.04]).toEqual([true, true]);
    });
  }
});
