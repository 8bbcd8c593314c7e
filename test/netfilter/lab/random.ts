/** Random rule sets and packets put to kernel and walk, shrunk where they disagree. */
import fc from "fast-check";
import type { HostNetwork } from "../../../src/netfilter/walk/network.ts";
import type { Family } from "../vocabulary/terms.ts";
import { type Backend, type Tally, compareRules, newTally, openLabNetwork } from "./differential.ts";
import { SETS } from "./generate/conditions.ts";
import { arbitraryPackets } from "./generate/packets.ts";
import { arbitraryRuleset, writeRuleset } from "./generate/rulesets.ts";
import { type Lab, openLab } from "./lab.ts";

/** Packets sent for one rule set. */
const PACKETS = 50;

/** What is in the sets that rules ask. */
const MEMBERS = {
  4: { addresses: ["172.17.0.0/24", "172.17.0.3 nomatch", "203.0.113.0/25", "192.0.2.1"], pairs: ["172.17.0.2,tcp:80", "192.0.2.1,tcp:8080", "192.0.2.1,udp:53", "172.18.0.2,tcp:443"] },
  6: { addresses: ["fd00:17::/64", "fd00:17::3 nomatch", "2001:db8:5::/121", "2001:db8::1"], pairs: ["fd00:17::2,tcp:80", "2001:db8::1,tcp:8080", "2001:db8::1,udp:53", "fd00:18::2,tcp:443"] },
} as const;

export interface RandomLab {
  readonly lab: Lab;
  readonly network: HostNetwork;
}

/** The lab with the sets that the rules use. `bridged`: br_netfilter hands what stays on a bridge to the IP filters. */
export async function openRandomLab({ bridged = false } = {}): Promise<RandomLab> {
  const lab = await openLab();
  if (bridged) await lab.run("sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1");
  const sets = ([4, 6] as const).flatMap((family) => [
    `ipset create ${SETS[family].addresses} hash:net family inet${family === 6 ? "6" : ""}`,
    `ipset create ${SETS[family].pairs} hash:ip,port family inet${family === 6 ? "6" : ""}`,
    ...MEMBERS[family].addresses.map((member) => `ipset add ${SETS[family].addresses} ${member}`),
    ...MEMBERS[family].pairs.map((member) => `ipset add ${SETS[family].pairs} ${member}`),
  ]);
  await lab.run(sets.join(" && "));
  return { lab, network: await openLabNetwork(lab) };
}

export interface RandomRun {
  readonly tally: Tally;
  /** The smallest rule set found on which they disagree, the packets, and the seed. */
  readonly failure: string | null;
}

/** `runs` rule sets of one way of loading and family. */
export async function runRandom({ lab, network }: RandomLab, { backend, family, runs, seed }: { readonly backend: Backend; readonly family: Family; readonly runs: number; readonly seed?: number }): Promise<RandomRun> {
  const tally = newTally();
  const property = fc.asyncProperty(arbitraryRuleset(family), fc.noShrink(arbitraryPackets(family, PACKETS)), async (chains, packets) => {
    const text = writeRuleset(chains);
    const disagreements = await compareRules(lab, network, { text, backend, family }, packets, tally);
    if (disagreements.length > 0) throw new Error(`${shorten(text)}${disagreements.join("\n")}`);
  });
  const details = await fc.check(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) });
  const reason = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance);
  return { tally, failure: details.failed ? `seed ${String(details.seed)} path ${String(details.counterexamplePath)}\n${reason}` : null };
}

/** Without the tables and chains that hold nothing. */
function shorten(text: string): string {
  return text.replace(/^:\S+ (ACCEPT|-) .*\n/gm, "").replace(/^\*\S+\nCOMMIT\n/gm, "");
}
