/**
 * Rule sets as people and programs write them, put to the kernel: what engines of each version had loaded, ufw, the handbook's, a host's own, and the plan's.
 * Packets to every port that they name, from every side, and random ones; then a flood that goes beyond the plan's limits.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { HostNetwork } from "../../../src/netfilter/walk/network.ts";
import { prepareFirewall } from "../../../src/netfilter/walk/prepare.ts";
import { walkPacket } from "../../../src/netfilter/walk/walk.ts";
import { JUMPS, renderIptablesRules } from "../../../src/remediation/firewall/iptables-rules.ts";
import { DEFAULT_LIMITS } from "../../../src/remediation/firewall/limits.ts";
import { renderNftTables } from "../../../src/remediation/firewall/nft-tables.ts";
import { describeWith } from "../../support/requirements.ts";
import { type Backend, compareFirewall, newTally, openLabNetwork, readRules } from "../lab/differential.ts";
import { addressOf } from "../lab/frames.ts";
import { arbitraryPackets } from "../lab/generate/packets.ts";
import { findDisagreement } from "../lab/judge.ts";
import { type Lab, type LabPacket, openLab } from "../lab/lab.ts";
import { OWN, type Place, SPOTS } from "../lab/topology.ts";
import type { Family } from "../vocabulary/terms.ts";

const folder = new URL("../../fixtures/rulesets/", import.meta.url);
const DUMPS = [
  "classic-host.nft.v4", "classic-host.legacy.v4", "classic-host6.nft.v6", "classic-host6.legacy.v6", "handbook-input.nft.v4", "handbook-input.legacy.v4", "limits.nft.v4", "limits.legacy.v4",
  "docker-20.10-rules.nft.v4", "docker-20.10.nft.v6", "docker-25.0.6-rules.nft.v4", "docker-25.0.6.nft.v6", "docker-27.5.0-rules.nft.v4", "docker-27.5.0.nft.v6",
  "docker-28.5.2-rules.nft.v4", "docker-28.5.2.nft.v6", "docker-29-rules.nft.v4", "docker-29.nft.v6", "ufw.nft.v4", "ufw.nft.v6",
];
const LISTS = ["docker-29", "docker-29-rules", "firewalld", "administrator", "libvirt", "netavark"];
const PROGRAMS = ["unshare", "nsenter", "perl", "ip", "nft", "conntrack", "ipset", "iptables-nft-restore", "iptables-legacy-restore"];
const BRIDGES = [{ name: "docker0", prefix: false }, { name: "br-", prefix: true }];

describeWith({ root: true, programs: PROGRAMS }, "rule sets of people and programs", () => {
  let lab: Lab;
  let network: HostNetwork;
  beforeAll(async () => {
    lab = await openLab();
    await lab.run("ipset create office hash:net && ipset add office 203.0.113.0/24");
    network = await openLabNetwork(lab);
  });
  afterAll(() => lab.close());

  /** Throws what disagrees. */
  const compare = async (text: string, backend: Backend, family: Family): Promise<void> => {
    const tally = newTally();
    const disagreements = await compareFirewall(lab, network, await readRules(lab, backend), packetsFor(text, family), tally, null);
    expect(disagreements).toEqual([]);
    expect([tally.packets > 100, tally.accepted > 0]).toEqual([true, true]);
  };

  it.each(DUMPS)("%s", { timeout: 60_000 }, async (name) => {
    const [, backend = "", version = ""] = /\.(nft|legacy)\.v(4|6)$/.exec(name) ?? [];
    const family = Number(version) as Family;
    const text = readFileSync(new URL(`recorded/${name}`, folder), "utf8");
    await clear(lab);
    await lab.run(`${family === 4 ? "iptables" : "ip6tables"}-${backend}-restore <<'END OF RULES'\n${text}END OF RULES`);
    await compare(text, backend as Backend, family);
  });

  it.each(LISTS)("%s of nft", { timeout: 60_000 }, async (name) => {
    const text = readFileSync(new URL(`recorded-nft/${name}.json`, folder), "utf8");
    await clear(lab);
    await lab.run(`nft -j -f - <<'END OF RULES'\n${inOrder(text)}\nEND OF RULES`);
    await compare(text.replaceAll(/"(?:dport|right)"[^0-9]{0,12}(\d+)/g, "--dport $1"), "nft", 4);
  });

  it.each(["iptables", "nft"])("the plan's, by %s, beside Docker's: within its limits and beyond", { timeout: 60_000 }, async (by) => {
    const text = readFileSync(new URL("recorded/docker-29.nft.v4", folder), "utf8");
    const plan = by === "nft" ? renderNftTables(["v4", "v6"], BRIDGES, DEFAULT_LIMITS) : renderIptablesRules("v4", BRIDGES, DEFAULT_LIMITS, JUMPS);
    await clear(lab);
    await lab.run(`iptables-nft-restore <<'END OF RULES'\n${text}END OF RULES`);
    await lab.run(`${by === "nft" ? "nft -f -" : "iptables-nft-restore --noflush"} <<'END OF RULES'\n${plan}\nEND OF RULES`);
    await compare(text, "nft", 4);
    const prepared = prepareFirewall(await readRules(lab, "nft"));
    for (const destination of [OWN["eth0"]?.address4 ?? "", OWN["br-shop"]?.address4 ?? ""]) {
      // A source of its own: its limit was not touched so far.
      const source = `203.0.113.${destination === "192.0.2.1" ? "77" : "78"}`;
      const flood = Array.from({ length: 60 }, (_, index) => tcp("outside", source, destination, 50_000 + index, 8080, SYN));
      const seen = await lab.shoot(flood);
      const said = flood.map((shot, index) => {
        const walk = walkPacket(prepared, shot.packet, { network, connection: null, scenario: index < 10 ? "within" : "beyond" });
        const found = seen[index];
        return found === undefined ? null : findDisagreement(shot, walk, found);
      });
      expect([said.slice(0, 10), said.slice(40)].flat().filter((one) => one !== null)).toEqual([]);
    }
  });
});

/** nft lists rules that jump to chains before these chains, which it does not read again. */
function inOrder(list: string): string {
  const { nftables } = JSON.parse(list) as { readonly nftables: readonly object[] };
  const kindOf = (object: object): string => Object.keys(object)[0] ?? "";
  const last = ["chain", "set", "map", "rule"];
  const [table = [], others = []] = [["table"], ["table", "metainfo", ...last]].map((kinds, index) => nftables.filter((object) => kinds.includes(kindOf(object)) === (index === 0)));
  return JSON.stringify({ nftables: [...table, ...others, ...last.flatMap((kind) => nftables.filter((object) => kindOf(object) === kind))] });
}

/** Empty again, with every policy ACCEPT. */
async function clear(lab: Lab): Promise<void> {
  const empty = ["raw", "mangle", "nat", "filter"].map((table) => `*${table}\nCOMMIT\n`).join("");
  const legacy = ["iptables", "ip6tables"].map((tool) => `if [ -n "$(${tool}-legacy-save)" ]; then for chain in INPUT FORWARD OUTPUT; do ${tool}-legacy -P $chain ACCEPT; done; ${tool}-legacy-restore <<'END OF RULES'\n${empty}END OF RULES\nfi`);
  await lab.run(`nft flush ruleset\nconntrack -F 2>/dev/null\n${legacy.join("\n")}`);
}

const SYN = 2;
/** SYN, ACK alone, NULL and XMAS. */
const FLAGS = [SYN, SYN, 16, 0, 41];

/** To each port that the text names, from each side to this host, to containers and to loopback; and random ones. */
function packetsFor(text: string, family: Family): readonly LabPacket[] {
  const named = [...text.matchAll(/(?:--dport |--to-destination \S+:|--ctorigdstport )(\d+)/g)].map(([, port]) => Number(port));
  const suffix = family === 4 ? "address4" : "address6";
  const [outside, neighbour] = [SPOTS.outside[suffix], SPOTS.neighbour[suffix]];
  const own = Object.values(OWN).map((one) => one[suffix]);
  const targets = [...own.slice(0, 1), SPOTS.a1[suffix], SPOTS.a2[suffix], SPOTS.b1[suffix], ...(family === 4 ? ["127.0.0.1"] : [])];
  const senders: readonly (readonly [Place, string])[] = [["outside", outside], ["neighbour", neighbour], ["b1", SPOTS.b1[suffix]]];
  let count = 0;
  const chosen = [...new Set([...named, 22, 80])].slice(0, 12).flatMap((port) => targets.flatMap((target) => senders.flatMap(([from, source]) => {
    count++;
    return source === target ? [] : [tcp(from, source, target, 20_000 + count, port, FLAGS[count % FLAGS.length] ?? SYN)];
  })));
  const [random = []] = fc.sample(arbitraryPackets(family, 60), { seed: 1, numRuns: 1 });
  return [...chosen, ...random.map((shot) => ({ ...shot, packet: { ...shot.packet, ...(shot.packet.sourcePort === null ? {} : { sourcePort: shot.packet.sourcePort + 25_000 }) } }))];
}

function tcp(from: Place, source: string, destination: string, sourcePort: number, destinationPort: number, tcpFlags: number): LabPacket {
  const { port, iface } = SPOTS[from];
  return { from, packet: { in: port ?? iface, source: addressOf(source), destination: addressOf(destination), protocol: 6, sourcePort, destinationPort, tcpFlags, icmpType: null, icmpCode: null } };
}
