/** Marks that rules set, as changes of the bits of packets. */
import type { MarkAct } from "../firewall/acts.ts";
import type { Bits } from "./bits.ts";
import { everything, type PacketSet } from "./diagram.ts";
import type { Universe } from "./universe.ts";

/** What each bit of the mark becomes: itself, its opposite, a constant, or what is not followed: a bit of the other mark. */
type BitChange = "keep" | "flip" | "clear" | "set" | "unknown";

/** The packets as they are after the act. */
export function afterMark(universe: Universe, act: MarkAct, set: PacketSet): PacketSet {
  const bits = bitsOf(universe, act);
  if (bits === undefined) return set;
  const { diagrams } = universe;
  const moved = diagrams.rebuild(set, (index, low, high) => {
    const change = changeOf(act, bits, index);
    if (change === "keep") return diagrams.choice(index, low, high);
    return change === "flip" ? diagrams.choice(index, high, low) : diagrams.or(low, high);
  });
  return diagrams.and(moved, constants(universe, act, bits));
}

/** The packets that are in the set after the act, whatever bits are not followed become. */
export function beforeMark(universe: Universe, act: MarkAct, set: PacketSet): PacketSet {
  const bits = bitsOf(universe, act);
  if (bits === undefined) return set;
  const { diagrams } = universe;
  return diagrams.rebuild(set, (index, low, high) => {
    switch (changeOf(act, bits, index)) {
      case "keep":
        return diagrams.choice(index, low, high);
      case "flip":
        return diagrams.choice(index, high, low);
      case "clear":
        return low;
      case "set":
        return high;
      case "unknown":
        return diagrams.and(low, high);
    }
  });
}

/** The packets of the set with whatever marks: what holds of them however they are marked on their way. */
export function withAnyMark({ diagrams, layout }: Universe, set: PacketSet): PacketSet {
  const fields = [layout.numbers.get("mark"), layout.numbers.get("connectionMark")].filter((bits) => bits !== undefined);
  if (fields.length === 0) return set;
  const isMark = (index: number): boolean => fields.some(({ first, width }) => index >= first && index < first + width);
  return diagrams.rebuild(set, (index, low, high) => (isMark(index) ? diagrams.or(low, high) : diagrams.choice(index, low, high)));
}

function bitsOf({ layout }: Universe, { of }: MarkAct): Bits | undefined {
  return layout.numbers.get(of === "packet" ? "mark" : "connectionMark");
}

function changeOf(act: MarkAct, { first, width }: Bits, index: number): BitChange {
  if (index < first || index >= first + width) return "keep";
  const bit = 2 ** (width - 1 - (index - first));
  const has = (mask: number): boolean => Math.floor(mask / bit) % 2 === 1;
  const [own, other] = act.of === "packet" ? [act.packet, act.connection] : [act.connection, act.packet];
  if (has(other)) return "unknown";
  if (has(own)) return has(act.constant) ? "flip" : "keep";
  return has(act.constant) ? "set" : "clear";
}

/** Bits that are the same in all packets afterwards. */
function constants({ diagrams }: Universe, act: MarkAct, bits: Bits): PacketSet {
  let set = everything;
  for (let index = bits.first + bits.width - 1; index >= bits.first; index--) {
    const change = changeOf(act, bits, index);
    if (change === "set") set = diagrams.and(set, diagrams.variable(index));
    if (change === "clear") set = diagrams.without(set, diagrams.variable(index));
  }
  return set;
}
