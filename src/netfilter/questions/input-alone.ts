/** What INPUT would do with a packet, were it not translated. */
import type { Firewall, Rule, RuleSource } from "../firewall/model.ts";
import { contains, type Intervals } from "../sets/intervals.ts";
import type { HostNetwork } from "../walk/network.ts";
import type { Packet } from "../walk/packet.ts";
import { type Prepared, prepareFirewall } from "../walk/prepare.ts";
import { walkPacket } from "../walk/walk.ts";
import { fieldTestsOf } from "./tests-of.ts";

/**
 * Rules that name the packet's destination port and would drop it, or do so beyond a limit, on its way to this host. Somebody wrote them for that
 * port; a policy or a rule for all packets was not meant for it.
 */
export function askInputAlone(prepared: Prepared, network: HostNetwork, packet: Packet): RuleSource[] {
  const port = packet.destinationPort;
  if (port === null) return [];
  const { verdict, hops, questions } = walkPacket(withoutTranslation(prepared), packet, { network, connection: null, scenario: null });
  if (verdict === "drop" || verdict === "reject") {
    const last = hops.at(-1);
    return last?.hook === "input" && last.source !== null && namesPort(findRule(prepared.firewall, last.source), port) ? [last.source] : [];
  }
  return verdict === "depends" ? questions.flatMap(({ rule }) => (rule !== null && namesPort(rule, port) ? [rule.source] : [])) : [];
}

/** More ports than these are a range that was not meant for one of them. */
const MOST = 64;

function namesPort(rule: Rule | null, port: number): boolean {
  if (rule === null) return false;
  return [...fieldTestsOf(rule)].some((test) => test.kind === "number" && test.field === "destinationPort" && contains(test.set, port) && sizeOf(test.set) <= MOST);
}

function sizeOf(set: Intervals<number>): number {
  return set.reduce((size, bound, index) => size + (index % 2 === 0 ? -bound : bound), 0);
}

/** The rule, or the one with the same place. */
function findRule({ tables }: Firewall, source: RuleSource): Rule | null {
  const table = tables.find(({ backend, family, name }) => backend === source.backend && family === source.family && name === source.table);
  return table?.chains.get(source.chain)?.rules[source.index - 1] ?? null;
}

const stripped = new WeakMap<Prepared, Prepared>();

function withoutTranslation(prepared: Prepared): Prepared {
  const known = stripped.get(prepared);
  if (known !== undefined) return known;
  const { tables, gaps } = prepared.firewall;
  const left = tables.map((table) => ({ ...table, chains: new Map([...table.chains].map(([name, chain]) => [name, chain.base?.type === "nat" ? { ...chain, rules: [] } : chain])) }));
  const made = prepareFirewall({ tables: left, gaps });
  stripped.set(prepared, made);
  return made;
}
