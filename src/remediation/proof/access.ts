/** The lock-out proof: the connection that one came by, and accesses that are to be kept, under the rules as they will be. */
import { readFirewall } from "../../facts/firewall.ts";
import { askAccess, askConnection, describePacket, type Witness } from "../../netfilter/index.ts";
import { sayReason } from "../../facts/exposure/evidence.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import type { KeptAccess } from "./keep.ts";
import type { HostConnection } from "./ssh-connection.ts";

export interface Access {
  /** The connection that one came by; null: by none (a console). */
  readonly connection: HostConnection | null;
  readonly keep: readonly KeptAccess[];
}

export type AccessProof =
  | { readonly verdict: "accepted" }
  /** `packet` in words: who sends what to whom, in which state. `rule`: the rule that decides with its line, or the reason in words. */
  | { readonly verdict: "refused" | "unknown"; readonly packet: string; readonly rule: string };

/**
 * Whether the host's rules, as they are `after` the change (`planSnapshot`), go on accepting: packets of the connection in both directions as it stands, a new one
 * like it, and new and open ones from every source that is to be kept, each with its answers, while limits are kept. `before` tells what the kernel tracked so far:
 * if it tracked nothing, packets of connections that are open now will be the first of theirs. The first refusal wins over what is unknown.
 */
export function proveAccess(after: Snapshot, { connection, keep }: Access, before: Snapshot): AccessProof {
  const [rules, earlier] = [readFirewall(after), readFirewall(before)];
  const whatever = "every packet to this host";
  if (typeof rules === "string") return { verdict: "unknown", packet: whatever, rule: rules };
  if (typeof earlier === "string") return { verdict: "unknown", packet: whatever, rule: earlier };
  const { network, prepared } = rules;
  if (network === null) return { verdict: "unknown", packet: whatever, rule: "links, addresses and routes of the host were not read" };
  const witnesses = [
    ...(connection === null ? [] : askConnection({ prepared, earlier: earlier.prepared, network }, connection)),
    ...keep.flatMap((access) => askAccess({ prepared, earlier: earlier.prepared, network }, access)),
  ];
  const found = witnesses.find(({ walk }) => walk.verdict === "drop" || walk.verdict === "reject") ?? witnesses.find(({ walk }) => walk.verdict !== "accept");
  return found === undefined ? { verdict: "accepted" } : toProof(found);
}

function toProof({ packet, what, walk }: Witness): AccessProof {
  const verdict = walk.verdict === "drop" || walk.verdict === "reject" ? "refused" : "unknown";
  return { verdict, packet: `${describePacket(packet)} (${what})`, rule: sayReason(walk) };
}
