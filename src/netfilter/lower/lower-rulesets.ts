/** Everything that one network namespace holds, as one firewall: iptables of both back ends, nft, and the sets of ipset. */
import type { Firewall, Gap, Table } from "../firewall/model.ts";
import type { IpSet } from "../ipset.ts";
import type { SaveFile } from "../model.ts";
import type { NftRuleset } from "../nft/model.ts";
import { readSets } from "./ipset/set-reader.ts";
import { lowerSave } from "./iptables/lower-save.ts";
import { mergeTable } from "./merge-table.ts";
import { lowerNft } from "./nft/lower-nft.ts";

export interface Rulesets {
  /** Dumps of iptables-save. `name` is what their rules are said to stand in. */
  readonly saves: readonly { readonly file: SaveFile; readonly backend: "legacy" | "nft"; readonly name: string }[];
  /** Null: not read. Then a table that iptables-nft-save could not print stays a gap. */
  readonly nft: { readonly ruleset: NftRuleset; readonly name: string } | null;
  /** Null: what is in the sets is not known. */
  readonly ipsets: readonly IpSet[] | null;
}

/**
 * nft lists the tables of iptables-nft too, without the parameters of its extensions: where iptables-nft-save printed a table, it is judged once, as
 * printed there, and rules that iptables has no words for as nft lists them. Throws `RulesetError` as the readers of dumps do.
 */
export function lowerRulesets({ saves, nft, ipsets }: Rulesets): Firewall {
  const sets = readSets(ipsets);
  const lowered = saves.map(({ file, backend, name }) => ({ backend, firewall: lowerSave(file, { backend, name, sets }) }));
  const gaps = lowered.flatMap(({ firewall }) => firewall.gaps);
  const legacy = lowered.filter(({ backend }) => backend === "legacy").flatMap(({ firewall }) => firewall.tables);
  const printed = lowered.filter(({ backend }) => backend === "nft").flatMap(({ firewall }) => firewall.tables);
  if (nft === null) return { tables: [...legacy, ...printed], gaps };
  const listed = lowerNft(nft.ruleset, nft.name);
  const find = (tables: readonly Table[], wanted: Table): Table | null => tables.find(({ family, name }) => family === wanted.family && name === wanted.name) ?? null;
  const merged = printed.map((table) => mergeTable(table, find(listed.tables, table)));
  const native = listed.tables.filter((table) => find(printed, table) === null);
  return {
    tables: [...legacy, ...merged.map(({ table }) => table), ...native],
    // nft lists what iptables-nft-save could not print.
    gaps: [...listed.gaps, ...merged.flatMap((one): readonly Gap[] => one.gaps)],
  };
}
