/** Lowers what nft holds into the tables of a firewall. */
import type { Chain, Firewall, Hook, Rule, Table, TableFamily } from "../../firewall/model.ts";
import type { NftBase, NftChain, NftRule, NftRuleset, NftTable } from "../../nft/model.ts";
import { printNftRule } from "../../nft/print/rule.ts";
import { askLeftOut } from "./left-out.ts";
import { refuseCycles } from "./refuse-cycles.ts";
import { lowerStatement } from "./statement.ts";
import type { Surroundings } from "./surroundings.ts";

/** `origin` is what its rules are said to stand in: a file, or `nft -j list ruleset`. A family that is not known is a gap. Throws `RulesetError` for chains that lead to each other in a circle. */
export function lowerNft(ruleset: NftRuleset, origin: string): Firewall {
  const known = ruleset.tables.filter(({ family }) => isFamily(family));
  const others = ruleset.tables.filter(({ family }) => !isFamily(family));
  return {
    tables: known.map((table) => lowerTable(table, origin)),
    gaps: others.map(({ family, name }) => ({ family: null, hook: null, reason: `tables of family ${family} are not known: ${name}` })),
  };
}

function lowerTable(table: NftTable, origin: string): Table {
  refuseCycles(table);
  const family = isFamily(table.family) ? table.family : "netdev";
  const surroundings: Surroundings = {
    family, origin,
    table: table.name,
    sets: new Map(table.sets.map((set) => [set.name, set])),
    objects: new Map(table.objects.map((object) => [`${object.kind} ${object.name}`, object])),
    growing: findGrowing(table),
  };
  const isDormant = table.flags.includes("dormant");
  const chains = table.chains.map((chain) => lowerChain(chain, isDormant, surroundings));
  return { backend: "native", family, name: table.name, chains: new Map(chains.map((chain) => [chain.name, chain])) };
}

const FAMILIES: readonly string[] = ["ip", "ip6", "inet", "bridge", "arp", "netdev"] satisfies readonly TableFamily[];

function isFamily(family: string): family is TableFamily {
  return FAMILIES.includes(family);
}

/** Named sets that a rule adds to, whatever their flags: nft 1.0.6 does not print `dynamic`. */
function findGrowing(table: NftTable): ReadonlySet<string> {
  const statements = table.chains.flatMap(({ rules }) => rules.flatMap((rule) => rule.statements));
  return new Set(statements.flatMap((statement) => (statement.kind === "set" && statement.operation !== "delete" && !statement.meter ? [statement.set] : [])));
}

function lowerChain({ name, base, rules, place }: NftChain, isDormant: boolean, surroundings: Surroundings): Chain {
  return {
    name,
    base: base === null || isDormant ? null : lowerBase(base),
    rules: rules.map((rule) => lowerNftRule(rule, name, surroundings)),
    line: lineOf(place),
  };
}

function lowerBase({ type, hook, priority, policy }: NftBase): Chain["base"] {
  return { hook: hook as Hook, priority, policy, type: type === "nat" || type === "route" ? type : "filter" };
}

function lowerNftRule(rule: NftRule, chain: string, surroundings: Surroundings): Rule {
  const counter = rule.statements.find((statement) => statement.kind === "counter");
  const { family, table, origin } = surroundings;
  return {
    source: {
      backend: "native", family, table, chain, origin,
      index: rule.index,
      line: lineOf(rule.place),
      handle: rule.handle,
      text: printNftRule(rule),
      packets: counter?.packets ?? null,
      bytes: counter?.bytes ?? null,
    },
    steps: askLeftOut(rule.statements, (statement) => lowerStatement(statement, surroundings)),
  };
}

/** nft prints everything on one line, which tells nothing. */
function lineOf({ line }: NftRule["place"]): number | null {
  return line === 1 ? null : line;
}
