/**
 * What all facts have in common: plain values, and beside them where each came from and what is not known.
 *
 * `origins` and `unknown` are keyed by JSON pointer into the resource. A pointer speaks for everything below it; an absent key has
 * the place of its nearest existing ancestor. The pointer "" speaks for the whole resource.
 */
import type { SourceStatus } from "../snapshot/model.ts";

export const KINDS = ["container", "image", "daemon", "network", "port", "ruleset", "sysctl", "host"] as const;
export type Kind = (typeof KINDS)[number];

/** A range of a file; lines and columns count from 1, the end is exclusive. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A key of a source's raw answer: `{source: "containers", key: "web HostConfig.Privileged"}`. */
export interface SourcePlace {
  readonly source: string;
  readonly key: string;
}

export type Place = FilePlace | SourcePlace;

export interface Resource {
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
  readonly origins: Readonly<Record<string, Place>>;
  readonly unknown: Readonly<Record<string, string>>;
}

/**
 * The resources of one kind. `source` tells whether what they are derived from was read: with `ok` and no resource a policy does
 * not apply, with anything else its answer is unknown for the reason in `detail`.
 */
export interface Derived<R extends Resource = Resource> {
  readonly resources: readonly R[];
  readonly source: { readonly status: SourceStatus; readonly detail: string | null };
}

export function isFilePlace(place: Place): place is FilePlace {
  return "file" in place;
}

/** A JSON pointer from path segments (RFC 6901). */
export function pointer(segments: readonly (string | number)[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The entry for `at` or for its nearest ancestor in a map keyed by JSON pointer; undefined if there is none. */
export function lookUp<T>(map: Readonly<Record<string, T>>, at: string): T | undefined {
  for (let current = at; ; current = current.slice(0, current.lastIndexOf("/"))) {
    if (Object.hasOwn(map, current)) return map[current];
    if (current === "") return undefined;
  }
}
