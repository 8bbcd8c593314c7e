/** Reads of answers whose shape podman does not promise. */
import type { Raw } from "../../snapshot/model.ts";

/** Empty for what is no object. */
export function toObject(value: unknown): Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

/** Empty for what is no list. */
export function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** Empty for what is no text. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
