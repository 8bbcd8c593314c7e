/** Messages of policies: text with `{fact.path}` placeholders. */
import { read, type Read, type View } from "./view.ts";

const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9.]*)\}/g;

/** Fills every placeholder with what was read; lists are joined by commas, of long ones the first few, what is not there is "none", what is not known "?". */
export function fillMessage(message: string, target: string, views: Readonly<Record<string, View>>): string {
  return message.replace(PLACEHOLDER, (_, name: string) => {
    const { fact, path } = splitPlaceholder(name, target);
    const view = views[fact];
    return view === undefined ? UNKNOWN : printRead(read(view, path));
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

const UNKNOWN = "?";

function printRead({ at, value, unknown, unknownParts }: Read): string {
  if (unknown !== null) return UNKNOWN;
  if (!Array.isArray(value) || value.length === 0) return print(value);
  const shown = value.slice(0, MOST_ELEMENTS).map((element: unknown, index) => (Object.hasOwn(unknownParts, `${at}/${index}`) ? UNKNOWN : print(element))).join(", ");
  return value.length > MOST_ELEMENTS ? `${shown} and ${value.length - MOST_ELEMENTS} more` : shown;
}

/** More than there are capabilities. A sentence that no one reads to its end says less, and with every container of a host telling of every port the report would grow as their product. */
const MOST_ELEMENTS = 50;

function print(value: unknown): string {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return "none";
  if (typeof value === "string") return value;
  return JSON.stringify(value);
}
