/** The walk against the kernel: random rule sets loaded, random packets sent from every side, and the fate of each compared. */
import fc from "fast-check";
import { afterAll, beforeAll, it } from "vitest";
import type { HostNetwork } from "../../../src/netfilter/walk/network.ts";
import { describeWith } from "../../support/requirements.ts";
import { type Tally, compareRules, openLabNetwork } from "../lab/differential.ts";
import { SETS } from "../lab/generate/conditions.ts";
import { arbitraryPackets } from "../lab/generate/packets.ts";
import { arbitraryRuleset, writeRuleset } from "../lab/generate/rulesets.ts";
import { type Lab, openLab } from "../lab/lab.ts";

const PACKETS = 50;
const PROGRAMS = ["unshare", "nsenter", "perl", "ip", "nft", "conntrack", "ipset", "iptables-nft-restore", "iptables-legacy-restore"];

for (const backend of ["nft", "legacy"] as const) {
  describeWith({ root: true, programs: PROGRAMS }, `fates of random packets under random rules, iptables-${backend}`, () => {
    let lab: Lab;
    let network: HostNetwork;
    beforeAll(async () => {
      lab = await openLab();
      const sets = ([4, 6] as const).flatMap((family) => [
        `ipset create ${SETS[family].addresses} hash:net family inet${family === 6 ? "6" : ""}`,
        `ipset create ${SETS[family].pairs} hash:ip,port family inet${family === 6 ? "6" : ""}`,
      ]);
      await lab.run(sets.join(" && "));
      network = await openLabNetwork(lab);
    });
    afterAll(() => lab.close());

    for (const family of [4, 6] as const) {
      it(`are what the kernel does: IPv${family}`, { timeout: 300_000 }, async () => {
        const tally: Tally = { packets: 0, unknown: 0, accepted: 0, rejected: 0, answered: 0 };
        const property = fc.asyncProperty(arbitraryRuleset(family), fc.noShrink(arbitraryPackets(family, PACKETS)), async (chains, packets) => {
          const disagreements = await compareRules(lab, network, { text: writeRuleset(chains), backend, family }, packets, tally);
          if (disagreements.length > 0) throw new Error(`${shorten(writeRuleset(chains))}${disagreements.join("\n")}`);
        });
        const { failed, seed, counterexamplePath, errorInstance } = await fc.check(property, { numRuns: 40 });
        if (failed) throw new Error(`seed ${String(seed)} path ${String(counterexamplePath)}\n${errorInstance instanceof Error ? errorInstance.message : ""}`);
        process.stdout.write(`${JSON.stringify(tally)}\n`);
      });
    }
  });
}

/** Without the tables and chains that hold nothing. */
function shorten(text: string): string {
  return text.replace(/^:\S+ (ACCEPT|-) .*\n/gm, "").replace(/^\*\S+\nCOMMIT\n/gm, "");
}
