/** Rule sets put to the kernel and to the walk, packet by packet. */
import type { Firewall } from "../../../src/netfilter/firewall/model.ts";
import { parseIpsets } from "../../../src/netfilter/ipset.ts";
import { type Rulesets, lowerRulesets } from "../../../src/netfilter/lower/lower-rulesets.ts";
import { openNetwork } from "../../../src/netfilter/network/open.ts";
import { parseNft } from "../../../src/netfilter/nft/parse.ts";
import { parseSave } from "../../../src/netfilter/parse.ts";
import { bigintRange, contains, uniteAll } from "../../../src/netfilter/sets/intervals.ts";
import { openSymbolic, partitionSources, type Symbolic } from "../../../src/netfilter/symbolic/partition.ts";
import type { HostNetwork } from "../../../src/netfilter/walk/network.ts";
import type { Scenario } from "../../../src/netfilter/walk/evaluate.ts";
import type { Connection } from "../../../src/netfilter/walk/packet.ts";
import { type Prepared, prepareFirewall } from "../../../src/netfilter/walk/prepare.ts";
import { type Walk, walkPacket } from "../../../src/netfilter/walk/walk.ts";
import type { Family } from "../vocabulary/terms.ts";
import { type Conversation, openConversation, type Turn, TURNS } from "./conversation.ts";
import { describePacket, findDisagreement } from "./judge.ts";
import type { Lab, LabPacket } from "./lab.ts";

export type Backend = "nft" | "legacy";

export interface Tally {
  packets: number;
  /** Of these, later ones of a connection: answers, errors, the same again. */
  later: number;
  unknown: number;
  accepted: number;
  rejected: number;
  /** Of the rejected, those whose answer was heard. */
  answered: number;
}

export function newTally(): Tally {
  return { packets: 0, later: 0, unknown: 0, accepted: 0, rejected: 0, answered: 0 };
}

/** Rules for iptables-restore, and how they are loaded. */
export interface Ruleset {
  readonly text: string;
  readonly backend: Backend;
  readonly family: Family;
}

/** Loads the rules; whatever the same tool had loaded before is gone, connections too. */
async function loadRules(lab: Lab, { text, backend, family }: Ruleset): Promise<void> {
  const tool = family === 4 ? "iptables" : "ip6tables";
  await lab.run(`conntrack -F 2>/dev/null\n${tool}-${backend}-restore <<'END OF RULES'\n${text}END OF RULES`);
}

/** What harden reads of the rules, of all its sources. */
export async function readRules(lab: Lab, backend: Backend): Promise<Firewall> {
  const save = async (tool: string, family: Family): Promise<Rulesets["saves"][number]> => {
    const name = `${tool}-${backend}-save`;
    const text = await lab.run(`${name} -c 2>/dev/null`);
    return { file: parseSave(text === "" ? "" : `${text}\n`, family), backend, name };
  };
  const saves = [await save("iptables", 4), await save("ip6tables", 6)];
  const nft = { ruleset: parseNft(await lab.run("nft -j list ruleset")), name: "nft -j list ruleset" };
  return lowerRulesets({ saves, nft, ipsets: parseIpsets(`${await lab.run("ipset save")}\n`) });
}

/** The disagreements between walk and kernel, each confirmed by sending the packet again alone. */
export async function compareRules(lab: Lab, network: HostNetwork, ruleset: Ruleset, packets: readonly LabPacket[], tally: Tally): Promise<readonly string[]> {
  await loadRules(lab, ruleset);
  return compareFirewall(lab, network, await readRules(lab, ruleset.backend), packets, tally);
}

/** The same for rules that are loaded already, as the model has them. Without a scenario what hangs on a limit `depends`, which agrees with everything. */
export async function compareFirewall(lab: Lab, network: HostNetwork, firewall: Firewall, packets: readonly LabPacket[], tally: Tally, scenario: Scenario = "within"): Promise<readonly string[]> {
  const prepared = prepareFirewall(firewall);
  const judged: Judged = { lab, network, prepared, scenario, tally };
  const walks = packets.map((shot) => walkShot(judged, { shot, connection: null }));
  const disagreements = [...compareSymbolic(openSymbolic(prepared, { network, scenario }), packets, walks)];
  const observed = await lab.shoot(packets);
  const conversations: Conversation[] = [];
  for (const [index, shot] of packets.entries()) {
    const [walk, seen] = [walks[index], observed[index]];
    if (walk === undefined || seen === undefined) continue;
    count(tally, walk, seen.answer);
    if (findDisagreement(shot, walk, seen) === null) {
      const conversation = walk.verdict === "accept" ? openConversation(shot, walk.connection, seen) : null;
      if (conversation !== null) conversations.push(conversation);
    } else disagreements.push(...(await replay(judged, [shot], walk)));
  }
  return disagreements.length > 0 ? disagreements : followConversations(judged, conversations);
}

interface Judged {
  readonly lab: Lab;
  readonly network: HostNetwork;
  readonly prepared: Prepared;
  readonly scenario: Scenario;
  readonly tally: Tally;
}

/** Turn by turn, all conversations at once; the first disagreement ends them, since replaying it forgets all connections. */
async function followConversations(judged: Judged, conversations: readonly Conversation[]): Promise<readonly string[]> {
  let alive = conversations.map((conversation) => ({ conversation, sent: [conversation.opening] }));
  for (const next of TURNS) {
    const turns = alive.flatMap((one) => {
      const turn = next(one.conversation);
      return turn === null ? [] : [{ ...one, turn, walk: walkShot(judged, turn) }];
    });
    if (turns.length === 0) continue;
    const observed = await judged.lab.shoot(turns.map(({ turn }) => turn.shot));
    const failed = turns.filter(({ turn, walk }, index) => {
      const seen = observed[index];
      if (seen === undefined) return false;
      count(judged.tally, walk, seen.answer);
      judged.tally.later++;
      return findDisagreement(turn.shot, walk, seen) !== null;
    });
    if (failed.length > 0) {
      const disagreements: string[] = [];
      for (const { sent, turn, walk } of failed) disagreements.push(...(await replay(judged, [...sent, turn.shot], walk)));
      return disagreements;
    }
    alive = alive.flatMap((one) => {
      const taken = turns.find(({ conversation }) => conversation === one.conversation);
      if (taken === undefined) return [one];
      const { turn, walk } = taken;
      // What is tracked no more, or of which not all is known, ends here.
      return walk.connection === null || walk.verdict === "unknown" || walk.verdict === "depends" ? [] : [{ conversation: { ...one.conversation, connection: walk.connection }, sent: [...one.sent, turn.shot] }];
    });
  }
  return [];
}

function walkShot({ prepared, network, scenario }: Judged, { shot, connection }: Omit<Turn, "connection"> & { readonly connection: Connection | null }): Walk {
  return walkPacket(prepared, shot.packet, { network, connection, scenario });
}

/** A busy machine may be late: once more, alone and with patience, from the first packet of its flow. What disagrees still, in words. */
async function replay({ lab }: Judged, shots: readonly LabPacket[], walk: Walk): Promise<readonly string[]> {
  await lab.run("conntrack -F 2>/dev/null");
  for (const shot of shots.slice(0, -1)) await lab.shoot([shot], 0.1);
  const last = shots.slice(-1);
  const seen = await lab.shoot(last, 0.3);
  return last.flatMap((shot, index) => {
    const disagreement = findDisagreement(shot, walk, seen[index] ?? { deliveries: [], answer: null });
    if (disagreement === null) return [];
    const before = shots.slice(0, -1).map(({ packet }) => `  after ${describePacket(packet)}`);
    const met = walk.hops.map(({ table, chain, rule, action, why }) => `  ${String(table)} ${String(chain)} ${String(rule)} ${action} (${why})`);
    return [[disagreement, ...before, ...met].join("\n")];
  });
}

/** What the symbolic walk says of all sources of the packets at once must hold the fate of each packet. */
function compareSymbolic(symbolic: Symbolic, packets: readonly LabPacket[], walks: readonly Walk[]): readonly string[] {
  return packets.flatMap(({ packet }, index) => {
    const { family } = packet.source;
    const space = uniteAll(packets.filter((other) => other.packet.source.family === family).map(({ packet: { source } }) => bigintRange(source.value, source.value)));
    const found = partitionSources(symbolic, { ...packet, family }, { space }).find(({ sources }) => contains(sources, packet.source.value));
    const [said, meant] = [found?.fate, walks[index]].map((fate) => (fate === undefined ? "nothing" : JSON.stringify([fate.verdict, fate.delivered, ...(fate.verdict === "accept" ? [fate.to, fate.out] : [])])));
    return said === meant ? [] : [`${describePacket(packet)}: the symbolic walk says ${String(said)}, the plain one ${String(meant)}`];
  });
}

function count(tally: Tally, { verdict }: Walk, answer: string | null): void {
  tally.packets++;
  if (verdict === "unknown" || verdict === "depends") tally.unknown++;
  if (verdict === "accept") tally.accepted++;
  if (verdict === "reject") {
    tally.rejected++;
    if (answer !== null) tally.answered++;
  }
}

/** What harden would know of the lab's network. */
export async function openLabNetwork(lab: Lab): Promise<HostNetwork> {
  return openNetwork(await lab.network());
}
