/** Reads raw answers: values of unknown shape, by path, with the type that is expected or null. */
import { at } from "../json-value.ts";

export { at };

export function textAt(value: unknown, ...path: readonly string[]): string | null {
  const found = at(value, ...path);
  return typeof found === "string" ? found : null;
}

export function numberAt(value: unknown, ...path: readonly string[]): number | null {
  const found = at(value, ...path);
  return typeof found === "number" ? found : null;
}

export function booleanAt(value: unknown, ...path: readonly string[]): boolean | null {
  const found = at(value, ...path);
  return typeof found === "boolean" ? found : null;
}

/** The list at a path; the engine writes null for an empty one. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as unknown[]) : [];
}

export function textsAt(value: unknown, ...path: readonly string[]): string[] {
  return listAt(value, ...path).filter((entry) => typeof entry === "string");
}

export function entriesAt(value: unknown, ...path: readonly string[]): [string, unknown][] {
  const found = at(value, ...path);
  return typeof found === "object" && found !== null && !Array.isArray(found) ? Object.entries(found) : [];
}

/** A map of text to text; other values are printed as JSON. */
export function textMapAt(value: unknown, ...path: readonly string[]): Record<string, string> {
  return Object.fromEntries(entriesAt(value, ...path).map(([key, entry]) => [key, typeof entry === "string" ? entry : JSON.stringify(entry)]));
}
