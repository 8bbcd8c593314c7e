/** Whether DOCKER-USER, the chain that Docker leaves to the administrator, is there, is read in time, and decides anything. */
import type { SaveFile } from "../model.ts";
import { findEffects } from "./effects.ts";
import { type Reach, findReach } from "./reach.ts";
import { type RuleReference, findTable, referTo } from "./references.ts";

export type DockerUser =
  /** The filter table could not be printed (its rules are native nft): the dump says nothing. */
  | { readonly status: "unprinted"; readonly line: number }
  | { readonly status: "missing" }
  | {
      readonly status: "present";
      /** Null where the file only has rules for it. */
      readonly line: number | null;
      readonly reach: Reach;
      /** Rules that decide something. Without any, the chain is as good as empty: RETURN and LOG filter nothing. */
      readonly effective: readonly RuleReference[];
      /** Rules behind one that every packet leaves by, as those appended behind the RETURN of engines before 28.2.2. */
      readonly dead: readonly RuleReference[];
    };

/** The state of DOCKER-USER in the rule set of one family and back end. */
export function findDockerUser(file: SaveFile): DockerUser {
  const notice = file.unprinted.find(({ table, extent }) => table === "filter" && extent === "incompatible");
  if (notice !== undefined) return { status: "unprinted", line: notice.line };
  const chains = new Map((findTable(file, "filter")?.chains ?? []).map((chain) => [chain.name, chain]));
  const chain = chains.get(name);
  if (chain === undefined) return { status: "missing" };
  const { effective, dead } = findEffects(chains, name);
  return { status: "present", line: chain.line, reach: findReach(chains, name), effective: effective.map(referTo), dead: dead.map(referTo) };
}

const name = "DOCKER-USER";
