/** What a snapshot shows of running services anyway, so that an env file tells nothing new where it says the same. */
import { keyOfMadeBy, type MadeBy } from "../../facts/compose-labels.ts";
import { normalizePath } from "../../facts/host-path.ts";
import type { Container } from "../../facts/model/container.ts";

/** A container that Compose made, as the snapshot has it. */
export interface RunningService {
  readonly madeBy: MadeBy;
  readonly service: string;
  readonly facts: Container;
  /** As the engine has them: HostConfig.SecurityOpt. */
  readonly securityOptions: readonly string[];
  /** HostConfig.GroupAdd. */
  readonly groups: readonly string[];
}

/** Texts and numbers by fact, in the spelling of `listLeaves`. */
export type Shown = ReadonlyMap<string, ReadonlySet<string>>;

/** By service, of the containers that the same files made. */
export function indexShown(running: readonly RunningService[], madeBy: MadeBy): ReadonlyMap<string, Shown> {
  const byService = new Map<string, Map<string, Set<string>>>();
  for (const { service, facts, securityOptions, groups } of running.filter((one) => keyOfMadeBy(one.madeBy) === keyOfMadeBy(madeBy))) {
    const shown = byService.get(service) ?? new Map<string, Set<string>>();
    byService.set(service, shown);
    for (const [name, fact] of [...Object.entries(facts), ["securityOptions", securityOptions] as const, ["groups", groups] as const]) {
      const leaves = shown.get(name) ?? new Set();
      shown.set(name, leaves);
      for (const leaf of listLeaves(fact)) leaves.add(leaf);
    }
  }
  return byService;
}

/** All texts and numbers of a fact. A path is the same with a slash behind it, an option with a colon as with an equals sign. */
export function listLeaves(fact: unknown): string[] {
  if (typeof fact === "number") return [String(fact)];
  if (typeof fact === "string") return [fact.startsWith("/") ? normalizePath(fact) : fact.replace(/^([a-z-]+):/, "$1=")];
  return typeof fact === "object" && fact !== null ? Object.values(fact).flatMap(listLeaves) : [];
}
