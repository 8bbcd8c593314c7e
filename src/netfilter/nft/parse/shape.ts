/** Reads the parts of JSON objects by their type. */

/** Something is not as libnftables-json(5) says. `at` is the object or array that is, or holds, it. */
export class ShapeError extends Error {
  readonly at: object | null;

  constructor(message: string, at: object | null) {
    super(message);
    this.at = at;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of an own key; undefined where there is none. */
export function fieldOf(object: Fields, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function fieldsOf(value: unknown, what: string): Fields {
  if (!isFields(value)) throw new ShapeError(`expected ${what} as an object`, Array.isArray(value) ? value : null);
  return value;
}

/** The only key of an object, and its value: the form of statements, expressions and list objects. */
export function soleField(value: unknown): readonly [string, unknown] | null {
  if (!isFields(value)) return null;
  const [entry, ...rest] = Object.entries(value);
  return entry === undefined || rest.length > 0 ? null : entry;
}

export function textOf(object: Fields, key: string): string {
  const value = optionalText(object, key);
  if (value === null) throw new ShapeError(`expected "${key}"`, object);
  return value;
}

export function numberOf(object: Fields, key: string): number {
  const value = optionalNumber(object, key);
  if (value === null) throw new ShapeError(`expected "${key}"`, object);
  return value;
}

export function optionalText(object: Fields, key: string): string | null {
  const value = fieldOf(object, key);
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw new ShapeError(`expected "${key}" as a string`, object);
  return value;
}

export function optionalNumber(object: Fields, key: string): number | null {
  const value = fieldOf(object, key);
  if (value === undefined || value === null) return null;
  if (typeof value !== "number") throw new ShapeError(`expected "${key}" as a number`, object);
  return value;
}

export function optionalBoolean(object: Fields, key: string): boolean {
  const value = fieldOf(object, key);
  if (value === undefined) return false;
  if (typeof value !== "boolean") throw new ShapeError(`expected "${key}" as true or false`, object);
  return value;
}

/** One is printed without brackets. */
export function listOf(object: Fields, key: string): readonly unknown[] {
  const value = fieldOf(object, key);
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export function textsOf(object: Fields, key: string): readonly string[] {
  return listOf(object, key).map((value) => {
    if (typeof value !== "string") throw new ShapeError(`expected strings in "${key}"`, object);
    return value;
  });
}
