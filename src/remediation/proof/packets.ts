/** The packets that fare differently, as a plan tells them. */
import { readFirewall } from "../../facts/firewall.ts";
import { sayRule } from "../../facts/exposure/evidence.ts";
import { compareFirewalls, describePacket, type PacketChange as Change, type Walk } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import type { PacketChange, Proof } from "../model.ts";
import { takeFew } from "./few.ts";

/** A text is the reason why it cannot be told. */
export function comparePackets(before: Snapshot, after: Snapshot): Pick<Proof, "changes" | "open"> | string {
  const [old, now] = [readFirewall(before), readFirewall(after)];
  if (typeof old === "string") return old;
  if (typeof now === "string") return now;
  const { changes, open } = compareFirewalls(old, now);
  return {
    changes: takeFew(changes.map(toPacketChange)),
    open: takeFew([...new Set(open.map(({ family, hook, rule, reason }) => `v${String(family)}, ${hook}: ${[...(rule === null ? [] : [sayRule(rule)]), ...(reason === null ? [] : [reason])].join(": ")}`))]),
  };
}

function toPacketChange({ kind, family, hook, rule, witness, before, after }: Change): PacketChange {
  const { connection } = witness;
  const state = connection === null ? "" : typeof connection === "string" ? `, ${connection}` : `, ${connection.state} (${connection.direction})`;
  return {
    kind, family: family === 4 ? "v4" : "v6", hook,
    rule: rule === null ? null : sayRule(rule),
    packet: `${describePacket(witness.packet)}${state}`,
    before: sayFate(before.within), after: sayFate(after.within),
  };
}

function sayFate({ verdict, delivered, to, reason }: Walk): string {
  if (verdict !== "accept") return reason === null ? verdict : `${verdict} (${reason})`;
  if (delivered === "host" || to === null) return delivered === "host" ? "accept, to this host" : "accept";
  return `accept, to ${to.address}${to.port === null ? "" : ` port ${String(to.port)}`}`;
}
