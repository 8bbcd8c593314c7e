/** What iptables-restore --noflush is given to do an operation, and to undo it. */
import { isOwnChain, JUMPS, OWN_CHAINS, type Jump } from "../firewall/iptables-rules.ts";
import { chainOf, type FilterTable, targetOf } from "./filter-table.ts";
import type { IptablesOperation } from "./iptables.ts";

/** The chains refilled, and the jumps that are missing, in one load; a jump that is there stays where it is. */
export function loadOf(load: string, now: FilterTable): string {
  const missing = JUMPS.filter((jump) => !now.rules.includes(ruleOf(jump)));
  return `${load}${missing.map(({ from, to }) => `-I ${from} 1 -j ${to}\n`).join("")}COMMIT\n`;
}

/** Whether all of it is there already, spelt as the machine spells it, and nothing else in our chains. */
export function isLoaded(load: string, now: FilterTable): boolean {
  const wanted = load.split("\n");
  const isSame = (chain: string): boolean => listChain(wanted, chain) === listChain(now.rules, chain);
  return OWN_CHAINS.every((chain) => now.policies.has(chain) && isSame(chain)) && JUMPS.every((jump) => count(now.rules, jump) === 1);
}

/** Our chains, then their rules and the jumps to them, a line each. */
export function listOwn({ policies, rules }: FilterTable): IptablesOperation["before"] {
  const jumps = JUMPS.map(ruleOf);
  return { chains: [...policies.keys()].filter(isOwnChain), rules: rules.filter((rule) => isOwnChain(chainOf(rule)) || jumps.includes(rule)) };
}

export interface Undo {
  /** Null where nothing of ours is there. */
  readonly load: string | null;
  /** iptables-nft made the chain INPUT for our jump, and nobody else uses it; also where a rollback that was cut off took the rest back. */
  readonly removeInput: boolean;
  /** What others put there since, which stays; a phrase each. */
  readonly left: readonly string[];
}

/**
 * Back to `before`: jumps that were not there go, chains that were get their old rules, the others go. `seen`: our rules
 * as the machine showed them after the load; a rule in our chains that neither it nor `before` has is another's and stays, with the chain
 * that it is in and the jump to it. So does a chain of ours that rules of others use, without ours in it.
 */
export function undoOf({ before, hadInput, program }: IptablesOperation, seen: readonly string[] | null, now: FilterTable): Undo {
  const present = OWN_CHAINS.filter((chain) => now.policies.has(chain));
  const canRemoveInput = (rules: readonly string[]): boolean =>
    !hadInput && program.endsWith("-nft") && now.policies.get("INPUT") === "ACCEPT" && !rules.some((rule) => chainOf(rule) === "INPUT");
  if (present.length === 0) return { load: null, removeInput: canRemoveInput(now.rules), left: [] };
  const foreign = seen === null ? [] : subtract(now.rules.filter((rule) => isOwnChain(chainOf(rule))), [...seen, ...before.rules]);
  const old = before.rules.filter((rule) => present.some((chain) => chain === chainOf(rule)));
  const jumps = JUMPS.flatMap((jump) => repeat(ruleOf(jump), keepsJump(jump, foreign) ? 0 : count(now.rules, jump) - count(before.rules, jump)));
  const staying = [...subtract(now.rules.filter((rule) => !isOwnChain(chainOf(rule))), jumps), ...old, ...foreign];
  const kept = present.filter((chain) => before.chains.includes(chain) || staying.some((rule) => chainOf(rule) === chain || targetOf(rule) === chain));
  const lines = [
    "*filter",
    ...present.map((chain) => `:${chain} - [0:0]`),
    ...jumps.map((rule) => rule.replace("-A", "-D")),
    ...old,
    ...foreign,
    ...present.filter((chain) => !kept.includes(chain)).map((chain) => `-X ${chain}`),
    "COMMIT",
  ];
  const unexpected = kept.filter((chain) => !before.chains.includes(chain) && !foreign.some((rule) => chainOf(rule) === chain));
  return {
    load: lines.map((line) => `${line}\n`).join(""),
    removeInput: canRemoveInput(staying),
    left: [
      ...foreign.map((rule) => `the rule ${rule} is not of harden and stays`),
      ...unexpected.map((chain) => `chain ${chain} is emptied and stays, for rules that are not of harden use it`),
    ],
  };
}

function keepsJump({ to }: Jump, foreign: readonly string[]): boolean {
  return foreign.some((rule) => chainOf(rule) === to);
}

function listChain(lines: readonly string[], chain: string): string {
  return lines.filter((line) => line.startsWith(`-A ${chain} `)).join("\n");
}

function ruleOf({ from, to }: Jump): string {
  return `-A ${from} -j ${to}`;
}

function count(rules: readonly string[], jump: Jump): number {
  return rules.filter((rule) => rule === ruleOf(jump)).length;
}

function repeat(rule: string, times: number): string[] {
  return Array.from({ length: Math.max(0, times) }, () => rule);
}

/** Without one occurrence for each of `others`. */
function subtract(rules: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return rules.filter((rule) => {
    const index = rest.indexOf(rule);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}
