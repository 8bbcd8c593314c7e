/** Native nftables rules (`nft -j list ruleset`, libnftables-json(5)), as far as issue A's questions go. */
import { at, listAt, numberAt, textAt } from "../raw.ts";

/**
 * Whether a base chain on the forward hook runs before iptables' filter table (priority 0), can drop, and is none of Docker's own.
 * Tables that iptables-nft made have its names and are left to iptables-save.
 */
export function hasForwardChain(ruleset: unknown, family: "v4" | "v6"): boolean {
  const objects = listAt(ruleset, "nftables");
  const families = ["inet", nftFamilyOf(family)];
  const chains = objects.map((object) => at(object, "chain")).filter((chain) => isCandidate(chain, families));
  return chains.some((chain) => textAt(chain, "policy") === "drop" || objects.some((object) => canDrop(at(object, "rule"), chain)));
}

const IPTABLES_TABLES = ["filter", "nat", "mangle", "raw", "security"];

/** Names of the tables that iptables-nft made, or would take for its own. */
export function listTablesOfIptables(ruleset: unknown, family: "v4" | "v6"): string[] {
  const tables = listAt(ruleset, "nftables").map((object) => at(object, "table")).filter((table) => textAt(table, "family") === nftFamilyOf(family));
  return tables.map((table) => textAt(table, "name") ?? "").filter((name) => IPTABLES_TABLES.includes(name));
}

function nftFamilyOf(family: "v4" | "v6"): string {
  return family === "v4" ? "ip" : "ip6";
}

function isCandidate(chain: unknown, families: readonly string[]): boolean {
  const table = textAt(chain, "table") ?? "";
  const family = textAt(chain, "family") ?? "";
  if (textAt(chain, "hook") !== "forward" || (numberAt(chain, "prio") ?? 0) >= 0) return false;
  if (!families.includes(family) || table === "docker-bridges") return false;
  return family === "inet" || !IPTABLES_TABLES.includes(table);
}

/** A rule of this chain that drops, rejects, or leads to a chain that may. */
function canDrop(rule: unknown, chain: unknown): boolean {
  const same = (key: string): boolean => textAt(rule, key) === textAt(chain, key);
  const belongs = same("family") && same("table") && textAt(rule, "chain") === textAt(chain, "name");
  return belongs && listAt(rule, "expr").some((expression) => ["drop", "reject", "jump", "goto", "vmap"].some((kind) => at(expression, kind) !== undefined));
}

/**
 * Whether iptables' own filter table holds a rule of native nft that iptables-nft-save prints wrongly: sets, and ranges of addresses,
 * come out as their last member or as no condition at all (seen with 1.8.9: `ip saddr {a, b} drop` as `-j DROP`).
 */
export function hasMisprintedRule(ruleset: unknown, family: "v4" | "v6"): boolean {
  const nftFamily = nftFamilyOf(family);
  return listAt(ruleset, "nftables")
    .map((object) => at(object, "rule"))
    .filter((rule) => textAt(rule, "family") === nftFamily && textAt(rule, "table") === "filter")
    .some((rule) => listAt(rule, "expr").some(isMisprinted));
}

function isMisprinted(expression: unknown): boolean {
  const field = textAt(expression, "match", "left", "payload", "field") ?? "";
  const right = at(expression, "match", "right");
  return at(right, "set") !== undefined || (at(right, "range") !== undefined && /^[sd]addr$/.test(field)) || at(expression, "vmap") !== undefined;
}
