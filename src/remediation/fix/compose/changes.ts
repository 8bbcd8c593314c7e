/** What a fix makes of a value, whatever text it stands in: pure functions on plain values, against which edited texts are held. */
import { isList, isMap, isSame, isSameItem, type Plain, type PlainMap } from "./plain.ts";

/** What one fix does to one key of a service. */
export interface Change {
  readonly remove?: Plain;
  readonly set?: Plain;
  readonly add?: Plain;
  /** Items of the list (entries of the map) by their position before anything is changed. */
  readonly dropped?: readonly number[];
  /** What items become, by the same position. */
  readonly became?: ReadonlyMap<number, Plain>;
}

/** The value after several changes; undefined where nothing is left. `key` is that of the service. */
export function applyChanges(key: string, before: Plain | undefined, changes: readonly Change[]): Plain | undefined {
  const settled = applyToItems(before, changes);
  return changes.reduce<Plain | undefined>((value, { remove, set, add }) => {
    const kept = remove === undefined ? value : takeAway(key, value, remove);
    const replaced = set === undefined ? kept : putIn(key, kept, set, true);
    return add === undefined ? replaced : putIn(key, replaced, add, false);
  }, settled);
}

function applyToItems(before: Plain | undefined, changes: readonly Change[]): Plain | undefined {
  const dropped = new Set(changes.flatMap((change) => change.dropped ?? []));
  const became = new Map(changes.flatMap((change) => [...(change.became ?? [])]));
  if (dropped.size === 0 && became.size === 0) return before;
  if (isList(before)) return emptyAsNone(before.map((item, index) => became.get(index) ?? item).filter((_, index) => !dropped.has(index)));
  if (!isMap(before)) return dropped.has(0) ? undefined : before;
  return emptyAsNone(Object.fromEntries(Object.entries(before).filter((_, index) => !dropped.has(index))));
}

/** A scalar goes where it is the same, items of lists and keys of maps one by one. */
function takeAway(key: string, value: Plain | undefined, gone: Plain): Plain | undefined {
  if (value === undefined) return undefined;
  if (isMap(value) && isMap(gone)) {
    const entries = Object.entries(value).flatMap(([name, inner]): [string, Plain][] => {
      const part = Object.hasOwn(gone, name) ? gone[name] : undefined;
      const rest = part === undefined ? inner : takeAway(name, inner, part);
      return rest === undefined ? [] : [[name, rest]];
    });
    return emptyAsNone(Object.fromEntries(entries));
  }
  if (isList(value)) {
    const items = isList(gone) ? gone : [gone];
    return emptyAsNone(value.filter((item) => !items.some((other) => isSameItem(key, item, other))));
  }
  return isSame(value, gone) ? undefined : value;
}

/** What is there already stays, unless it is a scalar that the new one replaces. */
export function putIn(key: string, value: Plain | undefined, added: Plain, replaces: boolean): Plain {
  if (value === undefined || value === null) return added;
  if (isMap(value) && isMap(added)) {
    const merged: Record<string, Plain> = { ...value };
    for (const [name, inner] of Object.entries(added)) merged[name] = putIn(name, Object.hasOwn(value, name) ? value[name] : undefined, inner, replaces);
    return merged;
  }
  if (isList(value) && isList(added)) return [...value, ...added.filter((item) => !value.some((other) => isSameItem(key, item, other)))];
  return replaces ? added : value;
}

function emptyAsNone<T extends readonly Plain[] | PlainMap>(value: T): T | undefined {
  return (isList(value) ? value.length : Object.keys(value).length) === 0 ? undefined : value;
}

/** What `after` has more than `before`, in the same shape: keys of maps, items of lists, a scalar that is another one. Undefined if nothing. */
export function surplus(key: string, before: Plain | undefined, after: Plain | undefined): Plain | undefined {
  if (after === undefined) return undefined;
  if (isMap(before) && isMap(after)) {
    const entries = Object.entries(after).flatMap(([name, inner]): [string, Plain][] => {
      const more = surplus(name, before[name], inner);
      return more === undefined ? [] : [[name, more]];
    });
    return emptyAsNone(Object.fromEntries(entries));
  }
  if (isList(before) && isList(after)) return emptyAsNone(after.filter((item) => !before.some((other) => isSameItem(key, item, other))));
  return isSame(before, after) ? undefined : after;
}

/** The paths of the scalars and lists of a value, dotted. */
export function listPaths(value: Plain, path: readonly string[]): string[] {
  return isMap(value) ? Object.entries(value).flatMap(([name, inner]) => listPaths(inner, [...path, name])) : [path.join(".")];
}
