/** Where a value of the model stands: the place that set it, and the places that had a part in it. */
import type { FilePlace } from "../facts/resource.ts";
import type { MapNode, Node } from "./node.ts";
import { placeOf, type Span } from "./source.ts";

const related = new WeakMap<FilePlace, readonly FilePlace[]>();

/**
 * For a place that facts name as an origin: the alias, `extends` or `include` that brought the value to its service, and the value that
 * lost a merge. Kept beside the place rather than in it, since only reports need it.
 */
export function relatedPlaces(place: FilePlace): readonly FilePlace[] {
  return related.get(place) ?? [];
}

/**
 * The place of a node, with what is related to it, and to the nodes that it, or what brought it, was written in, innermost first: merging
 * may put others around it.
 */
export function locate(node: Node, holders: readonly Node[]): FilePlace {
  const spans = [...(node.related ?? [])];
  for (const holder of holders) if ([node.at, ...spans].some((span) => contains(holder.at, span))) spans.push(...(holder.related ?? []));
  return placeWith(node.at, spans);
}

export function withRelated(at: Span, nodes: readonly Node[]): FilePlace {
  return placeWith(at, nodes.flatMap((node) => node.related ?? []));
}

function placeWith(at: Span, spans: readonly Span[]): FilePlace {
  const place = placeOf(at);
  const all = [...spans, ...listIncludes([at, ...spans])];
  if (all.length > 0) related.set(place, distinct(all.map(placeOf), place));
  return place;
}

/** Where the files of these places are included, and the files where that stands. */
function listIncludes(spans: readonly Span[]): Set<Span> {
  const found = new Set<Span>();
  const follow = (span: Span): void => {
    for (const include of span.source.includedAt) {
      if (found.has(include)) continue;
      found.add(include);
      follow(include);
    }
  };
  spans.forEach(follow);
  return found;
}

/** A place outside the project that decides a value of it: its own place object, to which those that use it are related. */
export function usedAt(place: FilePlace, ...users: readonly FilePlace[]): FilePlace {
  const copy = { ...place };
  related.set(copy, users);
  return copy;
}

/** The value at a path of keys and indexes, and what holds it, innermost first. */
export function follow(root: MapNode, path: readonly (string | number)[]): { readonly node: Node | undefined; readonly holders: readonly Node[] } {
  const holders: Node[] = [];
  let node: Node | undefined = root;
  for (const step of path) {
    if (node === undefined) break;
    holders.unshift(node);
    node = node.kind === "map" ? node.entries.get(String(step))?.value : node.kind === "list" ? node.items[Number(step)] : undefined;
  }
  return { node, holders };
}

function contains(outer: Span, inner: Span): boolean {
  return outer.source === inner.source && outer.start <= inner.start && inner.end <= outer.end;
}

function distinct(places: readonly FilePlace[], except: FilePlace): FilePlace[] {
  const key = ({ file, line, column }: FilePlace): string => `${file}:${line}:${column}`;
  return [...new Map(places.map((place) => [key(place), place])).values()].filter((place) => key(place) !== key(except));
}
