/** Random tables of nft and packets put to kernel and walk, shrunk where they disagree. */
import fc from "fast-check";
import { lowerNft } from "../../../src/netfilter/lower/nft/lower-nft.ts";
import { parseNft } from "../../../src/netfilter/nft/parse.ts";
import type { Family } from "../vocabulary/terms.ts";
import { compareFirewall, newTally } from "./differential.ts";
import { arbitraryTables, type GeneratedTable, writeTables } from "./generate/nft/rulesets.ts";
import { arbitraryPackets } from "./generate/packets.ts";
import type { Lab } from "./lab.ts";
import type { RandomLab, RandomRun } from "./random.ts";

/** Packets sent for one rule set. */
const PACKETS = 50;

/** `runs` rule sets for packets of one family; the tables are of that family and of both. */
export async function runRandomNft({ lab, network }: RandomLab, { family, runs, seed }: { readonly family: Family; readonly runs: number; readonly seed?: number }): Promise<RandomRun> {
  const tally = newTally();
  const property = fc.asyncProperty(arbitraryTables(family), fc.noShrink(arbitraryPackets(family, PACKETS)), async (tables, packets) => {
    const firewall = lowerNft(parseNft(await loadTables(lab, tables)), "nft");
    const disagreements = await compareFirewall(lab, network, firewall, packets, tally);
    if (disagreements.length > 0) throw new Error(`${shorten(writeTables(tables))}\n${disagreements.join("\n")}`);
  });
  const details = await fc.check(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
  await lab.run("nft flush ruleset");
  const reason = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance);
  return { tally, failure: details.failed ? `seed ${String(details.seed)} path ${String(details.counterexamplePath)}\n${reason}` : null };
}

/** Loads the tables in place of whatever was there, connections too, and gives nft's list. */
async function loadTables(lab: Lab, tables: readonly GeneratedTable[]): Promise<string> {
  await lab.run(`nft -f - <<'END OF RULES'\nflush ruleset\n${writeTables(tables)}END OF RULES\nconntrack -F 2>/dev/null || true`);
  return lab.run("nft -j list ruleset");
}

/** Without chains and sets that hold nothing or decide nothing. */
function shorten(text: string): string {
  return text.split("\n").filter((line) => line.startsWith("add rule") || line.startsWith("set ") || line.includes("policy drop")).join("\n");
}
