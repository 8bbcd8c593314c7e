/** The element of a service's list that a finding is about: found by its place, taken out, or given something. */
import type { FilePlace } from "../../../facts/resource.ts";
import type { WrittenList, WrittenMap, WrittenNode, WrittenPair } from "../../../compose/index.ts";
import { deleteItems, deletePair } from "./delete.ts";
import { type Definition, findPair } from "./definitions.ts";
import { AWKWARD, type Edited, editMap, holdsVariable, VARIABLE } from "./edit-node.ts";
import { isMap, type Plain, type PlainMap } from "./plain.ts";
import { setShortForm } from "./short-forms.ts";

export interface Element {
  readonly definition: Definition;
  /** The service as it is written there, and its pair that holds the element. */
  readonly body: WrittenMap;
  readonly pair: WrittenPair;
  /** Null where the element is the pair's whole value. */
  readonly holder: { readonly collection: WrittenList | WrittenMap; readonly index: number } | null;
  readonly node: WrittenNode;
  /** Where it begins: of a map's pair the key. */
  readonly start: number;
}

/** Null if none of the definitions writes it under one of the keys. */
export function findElement(definitions: readonly Definition[], keys: readonly string[], place: FilePlace): Element | null {
  for (const definition of definitions) {
    const { body, source } = definition;
    if (source.file !== place.file || body?.kind !== "map") continue;
    const offset = (source.lineStarts[place.line - 1] ?? 0) + place.column - 1;
    for (const pair of keys.flatMap((key) => findPair(body, key) ?? [])) {
      const found = pair.value === null ? null : locate(pair.value, offset);
      if (found !== null) return { definition, body, pair, ...found };
    }
  }
  return null;
}

function locate(value: WrittenNode, offset: number): Pick<Element, "holder" | "node" | "start"> | null {
  if (value.kind === "alias" || offset < value.start || offset >= value.end) return null;
  if (value.kind === "scalar") return { holder: null, node: value, start: value.start };
  const parts = value.kind === "list" ? value.items : value.pairs.map(({ key, value: inner }) => ({ start: key.start, value: inner }));
  const index = parts.findIndex(({ start, value: part }) => start <= offset && offset < (part?.end ?? start));
  const part = parts[index];
  return part?.value == null ? null : { holder: { collection: value, index }, node: part.value, start: part.start };
}

export function removeElement({ definition, body, pair, holder, node }: Element): Edited {
  if (holdsVariable(definition, node)) return VARIABLE;
  const collection = holder?.collection;
  if (holder === null || collection === undefined || (collection.kind === "list" ? collection.items : collection.pairs).length === 1) {
    return orAwkward(deletePair(definition, body, body.pairs.indexOf(pair)));
  }
  if (collection.kind === "map") return orAwkward(deletePair(definition, collection, holder.index));
  return deleteItems(definition, collection, new Set([holder.index])) ?? AWKWARD;
}

function orAwkward<T>(edit: T | null): T[] | string {
  return edit === null ? AWKWARD : [edit];
}

/** `given` is what the long form is to have. */
export function giveElement({ definition, pair: { key }, node }: Element, given: PlainMap): Edited {
  if (holdsVariable(definition, node)) return VARIABLE;
  if (node.kind === "map") return editMap(definition, node, { gone: undefined, more: given }, () => AWKWARD);
  return node.kind === "scalar" ? setShortForm(definition, key.kind === "scalar" ? key.text : "", node, given) : "an alias brings it, which others may use";
}

/** What an element is given, for what it is: the loopback of a port that is published on every IPv6 interface is IPv6's. */
export function adaptGiven(given: PlainMap, before: Plain | undefined): PlainMap {
  const address = isMap(before) ? before["host_ip"] : undefined;
  return given["host_ip"] === "127.0.0.1" && typeof address === "string" && /^\[?::\]?$/.test(address) ? { ...given, host_ip: "::1" } : given;
}
