/** What `meta mark set` and `ct mark set` compute: bits of both marks and of constants. */
import type { MarkAct } from "../../firewall/acts.ts";
import type { NftExpression } from "../../nft/expressions.ts";

/** `(packet's mark & packet) ^ (connection's mark & connection) ^ constant`. */
export type MarkValue = Pick<MarkAct, "packet" | "connection" | "constant">;

/** Null for shifts, and for marks combined with each other by and, or. */
export function markValue(expression: NftExpression): MarkValue | null {
  if (expression.kind === "value") return typeof expression.value === "number" ? { packet: 0, connection: 0, constant: expression.value >>> 0 } : null;
  if (expression.kind === "meta" && expression.key === "mark") return { packet: ALL, connection: 0, constant: 0 };
  if (expression.kind === "ct" && expression.key === "mark" && expression.direction === null) return { packet: 0, connection: ALL, constant: 0 };
  if (expression.kind !== "binary") return null;
  const [first, ...others] = expression.operands.map(markValue);
  return others.reduce<MarkValue | null>((left, right) => combine(expression.operator, left, right), first ?? null);
}

const ALL = 0xffffffff;

function combine(operator: string, left: MarkValue | null, right: MarkValue | null): MarkValue | null {
  if (left === null || right === null) return null;
  if (operator === "^") return { packet: (left.packet ^ right.packet) >>> 0, connection: (left.connection ^ right.connection) >>> 0, constant: (left.constant ^ right.constant) >>> 0 };
  const [value, bits] = isConstant(right) ? [left, right.constant] : [right, left.constant];
  if (!isConstant(left) && !isConstant(right)) return null;
  if (operator === "&") return under(value, bits);
  // a | b is (a & ~b) ^ b.
  return operator === "|" ? { ...under(value, ~bits >>> 0), constant: (value.constant | bits) >>> 0 } : null;
}

function under(value: MarkValue, bits: number): MarkValue {
  return { packet: (value.packet & bits) >>> 0, connection: (value.connection & bits) >>> 0, constant: (value.constant & bits) >>> 0 };
}

function isConstant({ packet, connection }: MarkValue): boolean {
  return packet === 0 && connection === 0;
}
