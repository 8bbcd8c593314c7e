/** Messages of policies: text with `{fact.path}` placeholders. */
import { read, type View } from "./view.ts";

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9.]*)\}/g;

/** Fills every placeholder with what was read; lists are joined by commas, what is not there is "none", what is not known "?". */
export function fillMessage(message: string, target: string, views: Readonly<Record<string, View>>): string {
  return message.replace(PLACEHOLDER, (_, name: string) => {
    const { fact, path } = splitPlaceholder(name, target);
    const view = views[fact];
    return view === undefined ? "?" : print(read(view, path).value);
  });
}

/** The placeholders of a message as fact and path. `{name}` alone is a path of the target. */
export function listPlaceholders(message: string, target: string): { fact: string; path: string | undefined }[] {
  return [...message.matchAll(PLACEHOLDER)].map((match) => splitPlaceholder(match[1] ?? "", target));
}

function splitPlaceholder(name: string, target: string): { fact: string; path: string | undefined } {
  const [first = "", ...rest] = name.split(".");
  if (first === target || first === "element" || first === "parameters") {
    return { fact: first, path: rest.length === 0 ? undefined : rest.join(".") };
  }
  return { fact: target, path: name };
}

function print(value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (Array.isArray(value)) return value.map(print).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number | boolean);
}
