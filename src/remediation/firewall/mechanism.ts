/** By what a family can be protected: DOCKER-USER where container traffic meets it, else an own nft table. */
import type { Ruleset } from "../../facts/model/ruleset.ts";
import { lookUp } from "../../facts/resource.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import type { Family } from "../model.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import { resourcesOf } from "../resources.ts";

export type Mechanism =
  | { readonly kind: "iptables"; readonly backend: "nft" | "legacy" }
  | { readonly kind: "nft"; readonly why: string }
  | { readonly kind: "none"; readonly reason: string };

export function chooseMechanism(family: Family, snapshot: Snapshot, kinds: DerivedKinds): Mechanism {
  if (snapshot.sources.daemon.data?.rootless === true) {
    return { kind: "none", reason: "a rootless engine filters in a network namespace of its own, which the scripts do not enter" };
  }
  const ruleset = resourcesOf(kinds, "ruleset").find(({ id }) => id === family);
  if (ruleset === undefined) return { kind: "none", reason: kinds.ruleset?.source.detail ?? "the rule set was not read" };
  // On this back end the engine has no DOCKER-USER, whatever an iptables table of that name may hold.
  if (ruleset.backend === "nftables") return byTable("the engine filters with nftables, where there is no DOCKER-USER", snapshot);
  if (ruleset.podman) return byTable("podman has no DOCKER-USER", snapshot);
  const unknown = lookUp(ruleset.unknown, "/dockerUser/reached") ?? lookUp(ruleset.unknown, "/backend");
  if (unknown !== undefined) return { kind: "none", reason: unknown };
  if (ruleset.dockerUser.reached && (ruleset.backend === "nft" || ruleset.backend === "legacy")) return { kind: "iptables", backend: ruleset.backend };
  return byTable(describeLack(ruleset), snapshot);
}

function byTable(why: string, snapshot: Snapshot): Mechanism {
  if (snapshot.sources.nftables.status === "absent") return { kind: "none", reason: `${why}, and an own table needs the program nft: install nftables, then scan again` };
  return { kind: "nft", why };
}

function describeLack({ id, dockerUser }: Ruleset): string {
  if (!dockerUser.exists) return `there is no ${id} chain DOCKER-USER`;
  return `container traffic does not meet the ${id} chain DOCKER-USER${dockerUser.reason === null ? "" : ` (${dockerUser.reason})`}`;
}
