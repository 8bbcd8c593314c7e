/**
 * A set of sources of which rule after rule takes a little. To copy what is left for each of thousands of rules costs the square of them; here what changed is
 * written down apart, and settled now and then.
 */
import { intersect, subtract, unite } from "../sets/intervals.ts";
import type { Sources } from "./branch.ts";

export interface Patched {
  readonly settled: Sources;
  /** Where `settled` does not hold any more. */
  readonly changed: Sources;
  /** What of `changed` is in the set. */
  readonly inside: Sources;
}

/** Bounds beyond which to settle costs less than to carry them on. */
const MOST_CHANGED = 128;
const none: Sources = [];

export function patchable(sources: Sources): Patched {
  return { settled: sources, changed: none, inside: none };
}

/** What of the set lies in the part. */
export function restrict({ settled, changed, inside }: Patched, part: Sources): Sources {
  const before = intersect(settled, part);
  return changed.length === 0 ? before : unite(subtract(before, changed), intersect(inside, part));
}

/** In this part the set holds `kept` from now on. */
export function replace({ settled, changed, inside }: Patched, part: Sources, kept: Sources): Patched {
  const patched = { settled, changed: unite(changed, part), inside: unite(subtract(inside, part), kept) };
  return patched.changed.length > MOST_CHANGED ? patchable(settle(patched)) : patched;
}

export function settle({ settled, changed, inside }: Patched): Sources {
  return changed.length === 0 ? settled : unite(subtract(settled, changed), inside);
}
