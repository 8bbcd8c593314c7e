/** One aspect of a container as its compose files say it and as it runs: values by what they are called. */

import type { Container } from "../model/container.ts";
import type { Written } from "./written.ts";

/** Both sides as a whole. */
export interface Pair {
  readonly written: Written;
  readonly running: Container;
  /** The engine's answer. */
  readonly inspect: unknown;
  /** The user that the container's image names; null where that is not known. */
  readonly imageUser: string | null;
  /** Podman tells what a container has rather than what was asked for, and gives it more than dockerd does. */
  readonly podman: boolean;
  /** The id of the container that goes by that name or id with the engine; itself where there is none. */
  readonly idOf: (reference: string) => string;
}

export interface Told {
  /** In words; the same words are the same value. */
  readonly value: string;
  /** JSON pointer of what says so, into the facts of its own side. */
  readonly at: string;
  /** Where it is made of several elements: their pointers by what each says. */
  readonly elements?: ReadonlyMap<string, readonly string[]>;
  /** Those of its parts that decide; `at` where there are none. */
  readonly parts?: readonly string[];
  /** Why it is not known, where neither side's own facts say so. */
  readonly unknown?: string;
}

export type Telling = ReadonlyMap<string, Told>;

export interface Field {
  /** What a compose file calls it. */
  readonly name: string;
  /** JSON pointer of the list that the values are elements of, or of the value. */
  readonly at: string;
  readonly written: Telling;
  readonly running: Telling;
  /** What is said of a value that one side has not. */
  readonly absent: string;
}

/** One value under one name. */
export function single(name: string, at: string, written: string, running: string): Field {
  return { name, at, written: new Map([[name, { value: written, at }]]), running: new Map([[name, { value: running, at }]]), absent: "" };
}
