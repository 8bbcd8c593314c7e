/** A value as one place of a file writes it, made to say less or more. */
import type { WrittenList, WrittenMap, WrittenNode, WrittenPair } from "../../../compose/index.ts";
import type { TextEdit } from "../text-edits.ts";
import { deleteItems, deletePair } from "./delete.ts";
import { findPair } from "./definitions.ts";
import { appendItems, type Editable, insertPairs, insertValue, replaceScalar } from "./insert.ts";
import { isList, isMap, isSameItem, type Plain } from "./plain.ts";

/** What a value is to lose and to gain, in its own shape; undefined for nothing. */
export interface Difference {
  readonly gone: Plain | undefined;
  readonly more: Plain | undefined;
}

/** The edits, or why there are none. */
export type Edited = readonly TextEdit[] | string;

/** For a pair of a map. Of what the value is to lose only that counts which stands here. */
export function editPair(into: Editable, map: WrittenMap, pair: WrittenPair, { gone, more }: Difference): Edited {
  const { key, value } = pair;
  const whole = (): Edited => {
    if (value !== null && holdsVariable(into, value)) return VARIABLE;
    const edit = deletePair(into, map, map.pairs.indexOf(pair));
    return edit === null ? AWKWARD : [edit];
  };
  if (value === null) return more === undefined ? [] : [insertValue(into, key, more)];
  if (value.kind === "alias") return "an alias brings its value, which others may use";
  if (value.kind === "list") return editList(into, key.kind === "scalar" ? key.text : "", value, { gone, more }, whole);
  if (value.kind === "map") return editMap(into, value, { gone, more }, whole);
  if (more === undefined) return gone === undefined || isList(gone) || isMap(gone) ? [] : whole();
  if (holdsVariable(into, value)) return VARIABLE;
  return value.form === "block" ? AWKWARD : [replaceScalar(into.file, value, more)];
}

function editList(into: Editable, key: string, list: WrittenList, { gone, more }: Difference, whole: () => Edited): Edited {
  if (more !== undefined && !isList(more)) return "it is a list where one value is wanted";
  const isGone = (item: WrittenNode | null): boolean => item?.kind === "scalar" && isList(gone) && gone.some((other) => isSameItem(key, item.text, other));
  const indexes = list.items.flatMap(({ value }, index) => (isGone(value) ? [index] : []));
  if (more === undefined && indexes.length === list.items.length) return indexes.length === 0 ? [] : whole();
  const [first, ...rest] = indexes;
  const replaced = first === undefined ? null : (list.items[first]?.value ?? null);
  if (more === undefined || replaced?.kind !== "scalar") return take(deleteItems(into, list, new Set(indexes)), more === undefined ? [] : appendItems(into, list, more));
  // What comes for what goes stands in its place.
  const [value = null, ...others] = more;
  return take(deleteItems(into, list, new Set(rest)), [replaceScalar(into.file, replaced, value), ...(others.length === 0 ? [] : appendItems(into, list, others))]);
}

function take(deleted: readonly TextEdit[] | null, others: readonly TextEdit[]): Edited {
  return deleted === null ? AWKWARD : [...deleted, ...others];
}

/** `whole` takes the map out, where nothing of it is left. */
export function editMap(into: Editable, map: WrittenMap, { gone, more }: Difference, whole: () => Edited): Edited {
  if (more !== undefined && !isMap(more)) return "it is a map where one value is wanted";
  const lost = isMap(gone) ? Object.keys(gone) : [];
  const emptied = more === undefined && lost.length > 0 && map.pairs.every(({ key }) => key.kind === "scalar" && lost.includes(key.text));
  if (emptied) return whole();
  const edits: TextEdit[] = [];
  const missing: Record<string, Plain> = {};
  for (const name of new Set([...lost, ...Object.keys(more ?? {})])) {
    const pair = findPair(map, name);
    const difference = { gone: isMap(gone) ? gone[name] : undefined, more: more?.[name] };
    if (pair === undefined) {
      if (difference.more !== undefined) missing[name] = difference.more;
      continue;
    }
    const edited = editPair(into, map, pair, difference);
    if (typeof edited === "string") return edited;
    edits.push(...edited);
  }
  return Object.keys(missing).length === 0 ? edits : [...edits, ...insertPairs(into, map, missing)];
}

/** Whether a variable has a part in what is written. */
export function holdsVariable({ text }: Editable, { start, end }: WrittenNode): boolean {
  return text.slice(start, end).includes("$");
}

export const VARIABLE = "its value holds a variable";
export const AWKWARD = "it is written in a way that cannot be edited by itself";
