/** What a reboot would lose. */
import { identifyRule } from "../identity.ts";
import type { SaveFile } from "../model.ts";
import { findOwners, ownerOfChain } from "./owners.ts";
import { listRules, type RuleReference, referTo } from "./references.ts";

export interface Unsaved {
  readonly rules: readonly RuleReference[];
  /** Built-in chains whose policy is not ACCEPT now, and is not set so by a saved file. */
  readonly policies: readonly UnsavedPolicy[];
}

export interface UnsavedPolicy {
  readonly table: string;
  readonly chain: string;
  readonly policy: string;
  readonly line: number | null;
}

/**
 * The administrator's rules and policies of a running rule set that no saved file has. Spelling, counters, comments and order do not
 * count. What programs write anew at their start is not the administrator's (owners.ts), nor are policies in a table that ufw
 * manages, nor the policy of filter FORWARD beside Docker's chains, which the engine sets when it switches forwarding on.
 */
export function findUnsaved(running: SaveFile, saved: readonly SaveFile[]): Unsaved {
  const kept = new Set(saved.flatMap((file) => [...findOwners(file).keys()]).map(identifyRule));
  const rules = [...findOwners(running)].filter(([rule, owner]) => owner === "administrator" && !kept.has(identifyRule(rule)));
  const keptPolicies = new Set(saved.flatMap(listPolicies).map(identifyPolicy));
  return {
    rules: rules.map(([rule]) => referTo(rule)),
    policies: listPolicies(running).filter((policy) => !keptPolicies.has(identifyPolicy(policy))),
  };
}

function listPolicies(file: SaveFile): readonly UnsavedPolicy[] {
  return file.tables.flatMap(({ name: table, chains }) => {
    const owners = new Set(chains.map((chain) => ownerOfChain(chain.name)));
    return chains.flatMap(({ name: chain, policy, line }) => {
      const isDockers = owners.has("docker") && table === "filter" && chain === "FORWARD";
      if (policy === null || policy === "ACCEPT" || isDockers || owners.has("ufw")) return [];
      return [{ table, chain, policy, line }];
    });
  });
}

function identifyPolicy({ table, chain, policy }: UnsavedPolicy): string {
  return JSON.stringify([table, chain, policy]);
}

export interface SavedDrift {
  /** The administrator's rules that are saved and do not run. */
  readonly idle: readonly RuleReference[];
  /** Docker's own rules among the saved ones: restoring them brings back the containers' addresses of that day, or takes the chains of today away. */
  readonly dockers: readonly RuleReference[];
}

/** What a saved file has that is not as it runs. Spelling, counters, comments and order do not count. */
export function findSavedDrift(saved: SaveFile, running: readonly SaveFile[]): SavedDrift {
  const present = new Set(running.flatMap((file) => listRules(file)).map(identifyRule));
  const owners = [...findOwners(saved)];
  return {
    idle: owners.filter(([rule, owner]) => owner === "administrator" && !present.has(identifyRule(rule))).map(([rule]) => referTo(rule)),
    dockers: owners.filter(([, owner]) => owner === "docker").map(([rule]) => referTo(rule)),
  };
}
