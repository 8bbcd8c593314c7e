/** Texts of strangers for formats that a web page shows. */
import type { Result } from "../policy/model/report.ts";
import { escapeInvisible } from "../text.ts";

/** On one line, nothing invisible in it, no longer than `limit` UTF-16 units. */
export function plainText(text: string, limit = 1000): string {
  const visible = escapeInvisible(text);
  return visible.length > limit ? `${visible.slice(0, limit).toWellFormed()}…` : visible;
}

/** What a person calls the resource of a result, and which element of it is meant; of several hosts with the one that it is on. */
export function nameResource({ resource: { kind, id, name, host }, element }: Pick<Result, "resource" | "element">): string {
  const label = `${host === undefined ? "" : `${host} `}${id ?? name ?? kind}`;
  return element === null ? label : `${label} (${element})`;
}

/** `compose.yaml:3:5`; null for what stands in no file. */
export function namePlace({ location }: Pick<Result, "location">): string | null {
  return location === null ? null : `${location.file}:${location.line}:${location.column}`;
}

/** `2026-01-02 03:04:05 UTC`. */
export function writeTime(generatedAt: string): string {
  return generatedAt.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC");
}
