/** Leaves out of a service what an env file decides and no container shows: what it says may be anyone's secret. */
import { at } from "../../facts/raw.ts";
import type { Place } from "../../facts/resource.ts";
import { listLeaves, type Shown } from "./shown.ts";

export interface DerivedService {
  readonly name: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly securityOptions: readonly string[];
  readonly groups: readonly string[];
  readonly origins: Readonly<Record<string, Place>>;
  readonly unknown: Readonly<Record<string, string>>;
}

export interface ToldService {
  readonly facts: Record<string, unknown>;
  readonly securityOptions: string[];
  readonly groups: string[];
  readonly unknown: Record<string, string>;
  /** Names of facts that are left out, each with those that decide it. */
  readonly withheld: ReadonlyMap<string, readonly string[]>;
}

/** What is decided together: all of them are left out, or none. */
const OPTIONS = ["securityOptions", "noNewPrivileges", "seccomp", "apparmor", "selinux", "systemPathsUnconfined"];

/**
 * `open` is the same service without what env files say, undefined where they decide that there is one. Each text and number that stays is one that
 * `open` has too, or that `shown` has of the same fact: what is told is told without the env files.
 */
export function tellApart(service: DerivedService, open: DerivedService | undefined, shown: Shown | undefined): ToldService {
  const given: Record<string, unknown> = { ...service.facts, securityOptions: service.securityOptions, groups: service.groups };
  const plain: Record<string, unknown> = { ...open?.facts, securityOptions: open?.securityOptions, groups: open?.groups };
  const hidden = Object.keys(given).filter((name) => name !== "environment" && !isTold(decisive(name, given[name]), decisive(name, plain[name]), shown?.get(name)));
  const together = hidden.some((name) => OPTIONS.includes(name)) ? OPTIONS : [];
  const withheld = new Map<string, readonly string[]>([...hidden.map((name) => [name, [name]] as const), ...together.map((name) => [name, OPTIONS] as const)]);
  const { securityOptions, groups, environment, ...facts } = given;
  const reasons = new Set(Object.values(open?.unknown ?? {}));
  return {
    facts: { ...Object.fromEntries(Object.entries(facts).filter(([name]) => !withheld.has(name))), environment: nameShown(environment, shown?.get("environment")) },
    securityOptions: withheld.has("securityOptions") ? [] : (securityOptions as string[]),
    groups: withheld.has("groups") ? [] : (groups as string[]),
    unknown: Object.fromEntries(Object.entries(service.unknown).map(([at, reason]) => [at, reasons.has(reason) ? reason : "it hangs on what an env file fills in"])),
    withheld,
  };
}

/** Texts and numbers that others do not follow from. */
function decisive(name: string, fact: unknown): unknown {
  return name === "capabilities" ? [at(fact, "add"), at(fact, "drop")] : fact;
}

function isTold(fact: unknown, plain: unknown, shown: ReadonlySet<string> | undefined): boolean {
  const known = new Set(listLeaves(plain));
  return listLeaves(fact).every((leaf) => known.has(leaf) || shown?.has(leaf) === true);
}

/** An env file's lines are names too: one that no container has stays nameless, in its place. */
function nameShown(environment: unknown, shown: ReadonlySet<string> | undefined): unknown {
  return (environment as readonly { readonly key: string; readonly credential: string | null }[]).map(({ key, credential }) => (shown?.has(key) === true ? { key, credential } : { key: "", credential: null }));
}
