/** A part of a resource while it is put together: values with their origins and unknowns, keyed by pointers of the whole resource. */
import type { Place } from "./resource.ts";

export interface Part<T> {
  readonly value: T;
  readonly origins?: Readonly<Record<string, Place>>;
  readonly unknown?: Readonly<Record<string, string>>;
}

/** The origins and unknowns of several parts as one. */
export function joinParts(parts: readonly Part<unknown>[]): { origins: Record<string, Place>; unknown: Record<string, string> } {
  const origins: Record<string, Place> = {};
  const unknown: Record<string, string> = {};
  for (const part of parts) {
    Object.assign(origins, part.origins);
    Object.assign(unknown, part.unknown);
  }
  return { origins, unknown };
}
