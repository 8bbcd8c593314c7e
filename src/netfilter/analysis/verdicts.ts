/** What becomes of the packets of a hook, as sets: the rest of a chain as a function of its packets. */
import type { Diagrams, PacketSet } from "./diagram.ts";
import { everything, nothing } from "./diagram.ts";

/** Packets that are accepted, dropped and refused for sure, and those to which something is done on the way that later rules or hooks may see. */
export interface Verdicts {
  readonly accept: PacketSet;
  readonly drop: PacketSet;
  readonly reject: PacketSet;
  readonly change: PacketSet;
}

export const accepted: Verdicts = { accept: everything, drop: nothing, reject: nothing, change: nothing };
export const dropped: Verdicts = { accept: nothing, drop: everything, reject: nothing, change: nothing };
export const rejected: Verdicts = { accept: nothing, drop: nothing, reject: everything, change: nothing };
/** A program or something that is not understood decides. */
export const undecided: Verdicts = { accept: nothing, drop: nothing, reject: nothing, change: everything };

/** `then` for the packets of the set, `otherwise` for the others. */
export function pickVerdicts({ pick }: Diagrams, set: PacketSet, then: Verdicts, otherwise: Verdicts): Verdicts {
  if (set === nothing) return otherwise;
  if (set === everything) return then;
  return mapTwo((a, b) => pick(set, a, b), then, otherwise);
}

/** The same verdicts, and the packets are changed on the way. */
export function withChange(verdicts: Verdicts): Verdicts {
  return { ...verdicts, change: everything };
}

/** Whether these packets get the same by both. The difference is small where the functions are large: it comes first. */
export function agreeOn({ and, or, without }: Diagrams, set: PacketSet, one: Verdicts, other: Verdicts): boolean {
  return (["accept", "drop", "reject", "change"] as const).every((key) => {
    if (one[key] === other[key]) return true;
    return and(or(without(one[key], other[key]), without(other[key], one[key])), set) === nothing;
  });
}

/** Equal for equal functions. */
export function identify({ accept, drop, reject, change }: Verdicts): string {
  return `${accept} ${drop} ${reject} ${change}`;
}

function mapTwo(combine: (a: PacketSet, b: PacketSet) => PacketSet, one: Verdicts, other: Verdicts): Verdicts {
  return {
    accept: combine(one.accept, other.accept),
    drop: combine(one.drop, other.drop),
    reject: combine(one.reject, other.reject),
    change: combine(one.change, other.change),
  };
}
