/** What form a value of a compose file may have, as data. */

export type ScalarType = "string" | "integer" | "number" | "boolean" | "null";

/** A value may be a scalar, a list or a map, whichever of the three is described. */
export interface Shape {
  readonly scalar?: ScalarShape;
  readonly list?: ListShape;
  readonly map?: MapShape;
}

export interface ScalarShape {
  readonly types: readonly ScalarType[];
  readonly accepted?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** Of a text, with what it demands in words. */
  readonly pattern?: RegExp;
}

export interface ListShape {
  readonly items: Shape;
  readonly unique: boolean;
}

export interface MapShape {
  readonly keys: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
  /** Keys that a person names. */
  readonly named: { readonly pattern: RegExp; readonly shape: Shape } | null;
  /** Whether a key that is none of these is refused. */
  readonly closed: boolean;
  /** Whether `x-` keys are taken. */
  readonly extensible: boolean;
}

export function scalar(...types: readonly ScalarType[]): Shape {
  return { scalar: { types } };
}

export function list(items: Shape): Shape {
  return { list: { items, unique: false } };
}

/** A list that holds nothing twice. */
export function set(items: Shape): Shape {
  return { list: { items, unique: true } };
}

/** A closed map that takes `x-` keys. */
export function map(keys: Readonly<Record<string, Shape>>, ...required: readonly string[]): Shape {
  return { map: { keys, required, named: null, closed: true, extensible: true } };
}

/** A closed map that takes no `x-` keys. */
export function strictMap(keys: Readonly<Record<string, Shape>>, ...required: readonly string[]): Shape {
  return { map: { keys, required, named: null, closed: true, extensible: false } };
}

export function openMap(keys: Readonly<Record<string, Shape>>): Shape {
  return { map: { keys, required: [], named: null, closed: false, extensible: true } };
}

export const RESOURCE_NAME = /^[a-zA-Z0-9._-]+$/;

/** A map whose keys a person names: all of them match the pattern. */
export function named(shape: Shape, pattern = RESOURCE_NAME, closed = true): Shape {
  return { map: { keys: {}, required: [], named: { pattern, shape }, closed, extensible: false } };
}

export function either(...shapes: readonly Shape[]): Shape {
  return Object.assign({}, ...shapes) as Shape;
}
