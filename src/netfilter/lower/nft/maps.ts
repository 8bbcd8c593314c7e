/** Maps from packets to verdicts, addresses, ports and marks: the entry that a packet meets. */
import type { Act, MapEntry } from "../../firewall/acts.ts";
import type { Test } from "../../firewall/tests.ts";
import type { NftElement, NftExpression } from "../../nft/expressions.ts";
import { printExpression } from "../../nft/print/expression.ts";
import { lowerStateful, perKey, wasAdded } from "./history.ts";
import { keyOf } from "./keys.ts";
import { findMembers, type Members } from "./members.ts";
import type { Surroundings } from "./surroundings.ts";

export interface LoweredMap {
  /** What the key's fields imply. */
  readonly implied: readonly Test[];
  readonly act: Act;
}

/** `toAct` makes an act of a value; null where it does not understand it. `text` is the statement. */
export function lowerMap(key: NftExpression, data: NftExpression, toAct: (value: NftExpression) => Act | null, text: string, surroundings: Surroundings): LoweredMap {
  const members = findMembers(data, surroundings);
  const opaque: LoweredMap = { implied: [], act: { kind: "opaque", text } };
  if (members === null) return opaque;
  if (key.kind === "choice") return { implied: [], act: lowerChoice(key, members, toAct, text) };
  const field = keyOf(key);
  if (field === null) return { implied: [], act: { kind: "map", entries: [...opaqueEntries(members, toAct, text)] } };
  const entries = members.elements.map(({ key: constant, value, statements }): MapEntry => {
    const test = field.isOneOf([constant], false);
    const limits = statements.flatMap((statement) => lowerStateful(statement, perKey(key, "")) ?? []);
    return { when: [test ?? { kind: "opaque", text: printExpression(constant) }, ...limits], act: actOf(value, toAct, text) };
  });
  const { rest, growsFor } = members;
  const added: MapEntry | null = growsFor === undefined ? null : { when: [field.present, wasAdded(perKey(key, data.kind === "set-reference" ? data.name : ""), growsFor)], act: { kind: "opaque", text } };
  const other: MapEntry | null = rest === null ? null : { when: [field.present], act: actOf(rest.value, toAct, text) };
  return { implied: field.implied, act: { kind: "map", entries: [...entries, ...(added === null ? [] : [added]), ...(other === null ? [] : [other])] } };
}

/** A number at random, in turn or from a hash: any of the entries, and none only if a number has no entry. */
function lowerChoice({ modulus, offset }: Extract<NftExpression, { kind: "choice" }>, { elements, rest }: Members, toAct: (value: NftExpression) => Act | null, text: string): Act {
  const possible = elements.filter(({ key }) => mayBe(key, offset, offset + modulus - 1));
  const listed = rest === null ? possible : [...possible, rest];
  const isWhole = rest !== null || countNumbers(possible) >= modulus;
  const entries = listed.map(({ value }, index): MapEntry => {
    const isLast = isWhole && index === listed.length - 1;
    return { when: isLast ? [] : [{ kind: "chance", text: `one of ${modulus}, by ${text.split(" vmap ")[0] ?? text}` }], act: actOf(value, toAct, text) };
  });
  return { kind: "map", entries };
}

function mayBe(key: NftExpression, lowest: number, highest: number): boolean {
  if (key.kind === "value" && typeof key.value === "number") return key.value >= lowest && key.value <= highest;
  return true;
}

function countNumbers(elements: readonly NftElement[]): number {
  return elements.reduce((sum, { key }) => sum + widthOf(key), 0);
}

function widthOf(key: NftExpression): number {
  if (key.kind !== "range") return key.kind === "value" ? 1 : 0;
  const { from, to } = key;
  return from.kind === "value" && to.kind === "value" ? Number(to.value) - Number(from.value) + 1 : 0;
}

/** Which entry a packet meets, if any, is not known. */
function opaqueEntries({ elements, rest }: Members, toAct: (value: NftExpression) => Act | null, text: string): readonly MapEntry[] {
  return [...elements, ...(rest === null ? [] : [rest])].map(({ key, value }) => ({ when: [{ kind: "opaque", text: printExpression(key) }], act: actOf(value, toAct, text) }));
}

function actOf(value: NftExpression | null, toAct: (value: NftExpression) => Act | null, text: string): Act {
  return (value === null ? null : toAct(value)) ?? { kind: "opaque", text };
}
