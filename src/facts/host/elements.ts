/** Lists of the host whose elements come from many places, each known or not for itself. */
import type { Part } from "../part.ts";
import type { Place } from "../resource.ts";

/** An element with where it stands, or why it is not known. */
export interface Found<T> {
  readonly element: T;
  readonly place: Place;
  readonly unknown?: string;
}

/** The list under its name, with the places and unknowns of its elements; an element that comes twice is one. */
export function joinElements<K extends string, T extends { key: string }>(found: readonly Found<T>[], name: K): Part<Record<K, T[]>> {
  const unique = [...new Map(found.map((one) => [one.element.key, one])).values()];
  const entries = <V>(valueOf: (one: Found<T>) => V): [string, V][] => unique.map((one, index) => [`/${name}/${index}`, valueOf(one)]);
  return {
    value: { [name]: unique.map(({ element }) => element) } as Record<K, T[]>,
    origins: Object.fromEntries(entries(({ place }) => place)),
    unknown: Object.fromEntries(entries(({ unknown }) => unknown).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}

export function byKey(a: Found<{ key: string }>, b: Found<{ key: string }>): number {
  return a.element.key < b.element.key ? -1 : 1;
}
