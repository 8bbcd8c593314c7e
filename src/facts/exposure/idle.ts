/** The administrator's rules that do nothing. */
import { findIdleRules, type IdleRule, type IdleRules } from "../../netfilter/index.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Part } from "../part.ts";
import type { Place } from "../resource.ts";
import { placeOfRule, sayRule } from "./evidence.ts";
import type { HostFirewall } from "../firewall.ts";

type IdlePart = Part<Pick<Ruleset, "deadRules" | "shadowedRules">>;

const found = new WeakMap<HostFirewall, IdleRules>();

/** Rules of tables for both families are told of with IPv4. */
export function judgeIdleRules(family: 4 | 6, firewall: HostFirewall | string): IdlePart {
  if (typeof firewall === "string") return { value: { deadRules: [], shadowedRules: [] }, unknown: { "/deadRules": firewall, "/shadowedRules": firewall } };
  const { rules, skipped } = found.get(firewall) ?? find(firewall);
  const own = rules.filter(({ rule: { source } }) => firewall.isAdministrators(source) && (source.family === "ip6" ? 6 : 4) === family);
  const dead = own.filter(({ kind }) => kind !== "redundant");
  const shadowed = own.filter(({ kind }) => kind === "redundant");
  const origins: Record<string, Place> = {};
  const describe = (list: readonly IdleRule[], name: string): Ruleset["deadRules"] => list.map((idle, index) => {
    origins[`/${name}/${index}`] = placeOfRule(idle.rule.source);
    return { key: `${idle.rule.source.table} ${idle.rule.source.text}`, rule: idle.rule.source.text, because: sayWhy(idle) };
  });
  const gaps = firewall.prepared.firewall.gaps.filter((gap) => gap.family === null || gap.family === family);
  const unread = listReasons([...gaps, ...skipped.filter(({ what }) => what === "all")]);
  const value = {
    deadRules: [...describe(dead, "deadRules"), ...unread.map(toUnjudged)],
    shadowedRules: [...describe(shadowed, "shadowedRules"), ...listReasons([...gaps, ...skipped]).map(toUnjudged)],
  };
  const unknown = (["deadRules", "shadowedRules"] as const).flatMap((name) => value[name].flatMap(({ rule, because }, index) => (rule === "" ? [[`/${name}/${index}`, because]] : [])));
  return { value, origins, unknown: Object.fromEntries(unknown) as Record<string, string> };
}

function listReasons(told: readonly { readonly reason: string }[]): string[] {
  return [...new Set(told.map(({ reason }) => reason))].sort();
}

/** What was not read or not followed may hold more: an element that is itself unknown, so that the list never passes. */
function toUnjudged(reason: string): Ruleset["deadRules"][number] {
  return { key: reason, rule: "", because: reason };
}

function find(firewall: HostFirewall): IdleRules {
  const rules = findIdleRules(firewall.prepared.firewall);
  found.set(firewall, rules);
  return rules;
}

function sayWhy(idle: IdleRule): string {
  switch (idle.kind) {
    case "unreached": return "no packet comes to it";
    case "contradictory": return "no packet meets all that it asks";
    case "hidden": return idle.by.length === 0 ? "no packet that comes to it is what it asks for" : `all its packets are taken before by ${sayHiders(idle.by)}`;
    case "redundant": return "without it every packet fares the same";
  }
}

/** More than these nobody reads. */
const FEW = 4;

function sayHiders(rules: readonly Pick<IdleRule["rule"], "source">[]): string {
  const named = rules.slice(0, rules.length > FEW ? FEW - 1 : FEW).map(({ source }) => sayRule(source));
  return [...named, ...(named.length < rules.length ? [`${String(rules.length - named.length)} more`] : [])].join(" and ");
}
