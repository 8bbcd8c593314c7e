/** The symbolic walk against the plain one: every source of a tiny address space is tried. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contains, intersect, uniteAll } from "../../../src/netfilter/sets/intervals.ts";
import { openSymbolic, partitionSources } from "../../../src/netfilter/symbolic/partition.ts";
import type { Scenario } from "../../../src/netfilter/walk/evaluate.ts";
import type { ConnectionState } from "../../../src/netfilter/walk/packet.ts";
import { prepareFirewall } from "../../../src/netfilter/walk/prepare.ts";
import { walkPacket } from "../../../src/netfilter/walk/walk.ts";
import { dockerNetwork, firewallOf, packetOf } from "../walk/world.ts";
import { FIRST, randomRules, SIZE } from "./random.ts";

const space = [FIRST, FIRST + SIZE];
const everySource = Array.from({ length: Number(SIZE) }, (_, index) => FIRST + BigInt(index));

const networks = {
  none: null,
  plain: dockerNetwork(),
  strict: dockerNetwork({ "net.ipv4.conf.all.rp_filter": "1", "net.ipv4.conf.eth0.rp_filter": "1", "net.ipv4.conf.eth0.forwarding": "1", "net.ipv4.conf.all.forwarding": "1" }),
};

const questions = fc.record({
  packet: fc.constantFrom("eth0 10.0.0.0:40000 > 192.0.2.1:80 SYN", "eth0 10.0.0.0:40000 > 172.17.0.2:80 SYN", "docker0 10.0.0.0:40000 > 198.51.100.9:81 SYN", "eth0 10.0.0.0:40000 > 192.0.2.1:80 FIN"),
  network: fc.constantFrom(...(Object.keys(networks) as (keyof typeof networks)[])),
  scenario: fc.constantFrom<Scenario>("within", "beyond", null),
  connection: fc.constantFrom<ConnectionState | null>(null, "ESTABLISHED", "INVALID"),
});

describe("the partition of sources", () => {
  it("is one: every source once, and with the fate that the plain walk of a packet from it has", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(randomRules, questions, (rules, { packet, network: name, scenario, connection }) => {
        const prepared = prepareFirewall(firewallOf(rules));
        const network = networks[name];
        const fates = partitionSources(openSymbolic(prepared, { network, scenario }), { ...packetOf(packet), family: 4 }, { connection, space });
        expect(uniteAll(fates.map(({ sources }) => sources))).toEqual(space);
        expect(fates.every(({ sources }, index) => fates.slice(index + 1).every((other) => intersect(sources, other.sources).length === 0))).toBe(true);
        for (const value of everySource) {
          const plain = walkPacket(prepared, { ...packetOf(packet), source: { family: 4, value } }, { network, connection, scenario });
          const found = fates.find(({ sources }) => contains(sources, value))?.fate;
          const expected = { verdict: plain.verdict, delivered: plain.delivered, ...(plain.verdict === "accept" ? { to: plain.to, out: plain.out } : {}) };
          expect({ value, ...found }).toMatchObject({ value, ...expected });
        }
      }),
      { numRuns: 600 },
    );
  });

  it("holds for more open questions than are followed apart: a source about which nothing is open keeps its fate", () => {
    const rules = Array.from({ length: 700 }, (_, index) => `-A INPUT -s 10.0.${String(index >> 8)}.${String(index % 256)}/32 -m string --string "x" --algo bm -j DROP`);
    const prepared = prepareFirewall(firewallOf(["*filter", ":INPUT ACCEPT [0:0]", ...rules, "-A INPUT -s 10.0.8.0/24 -j DROP", "COMMIT", ""].join("\n")));
    const fates = partitionSources(openSymbolic(prepared, { network: networks.plain, scenario: null }), { ...packetOf("eth0 10.0.0.0:40000 > 192.0.2.1:80 SYN"), family: 4 }, { space: [FIRST, FIRST + 4096n] });
    expect(fates.map(({ sources, fate }) => [fate.verdict, sources.map((bound) => bound - FIRST)])).toEqual([["unknown", [0n, 700n]], ["accept", [700n, 2048n, 2304n, 4096n]], ["drop", [2048n, 2304n]]]);
  });

  it("asks a chain of an inet table that reads no address for sources of both families", () => {
    const { tables, gaps } = firewallOf(["*filter", ":INPUT ACCEPT [0:0]", "-A INPUT -p tcp -m tcp --dport 80 --tcp-flags FIN,SYN,RST,ACK FIN -j DROP", "COMMIT", ""].join("\n"));
    const prepared = prepareFirewall({ gaps, tables: tables.map((table) => ({ ...table, family: "inet" })) });
    const symbolic = openSymbolic(prepared, { network: null, scenario: null });
    for (const [text, family] of [["eth0 198.51.100.9:40000 > 192.0.2.1:80 FIN", 4], ["eth0 2001:db8::9:40000 > 2001:db8::1:80 FIN", 6]] as const) {
      const fates = partitionSources(symbolic, { ...packetOf(text), family });
      const plain = fates.map(({ witness }) => walkPacket(prepared, { ...packetOf(text), source: { family, value: witness } }, { network: null, connection: null, scenario: null }).verdict);
      expect(fates.map(({ fate }) => fate.verdict)).toEqual(plain);
    }
  });
});
