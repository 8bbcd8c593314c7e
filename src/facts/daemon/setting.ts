/** What one setting of dockerd is called, how its value is written, and what it is when nobody sets it. */
import { isJsonObject } from "../../json-value.ts";

export interface Setting<T> {
  /** Key in daemon.json. */
  readonly key: string;
  /** Long flag without dashes. */
  readonly flag: string;
  /** What dockerd takes, in words. */
  readonly type: string;
  /** The value of a JSON value; undefined for a type that dockerd refuses. */
  readonly ofFile: (value: unknown) => T | undefined;
  /** The value of all occurrences of the flag; undefined for one that dockerd refuses. */
  readonly ofFlags: (texts: readonly string[]) => T | undefined;
  readonly fallback: T;
  /** A form in which equal values are equal as JSON: the engine prints some values otherwise than they are given. */
  readonly canonical: (value: T) => unknown;
}

export function booleanSetting(key: string, fallback: boolean): Setting<boolean> {
  return {
    key,
    flag: key,
    type: "a boolean",
    ofFile: (value) => (typeof value === "boolean" ? value : undefined),
    ofFlags: (texts) => parseBoolean(texts.at(-1) ?? ""),
    fallback,
    canonical: (value) => value,
  };
}

/** The empty text counts as not set. */
export function textSetting<T extends string | null>(key: string, fallback: T, canonical: (value: string | T) => unknown = (value) => value): Setting<string | T> {
  return {
    key,
    flag: key,
    type: "a string",
    ofFile: (value) => (typeof value === "string" ? value || fallback : undefined),
    ofFlags: (texts) => (texts.at(-1) ?? "") || fallback,
    fallback,
    canonical,
  };
}

export function listSetting(key: string, flag: string, canonical: (value: readonly string[]) => unknown = (value) => [...value].sort()): Setting<readonly string[]> {
  return {
    key,
    flag,
    type: "a list of strings",
    ofFile: (value) => (isTextList(value) ? value : undefined),
    ofFlags: (texts) => texts,
    fallback: [],
    canonical,
  };
}

/** A JSON object; as flags `NAME=VALUE`, once for each. */
export function mapSetting(key: string, flag: string): Setting<Readonly<Record<string, unknown>>> {
  return {
    key,
    flag,
    type: "an object",
    ofFile: (value) => (isJsonObject(value) ? value : undefined),
    ofFlags: (texts) => Object.fromEntries(texts.map((text) => {
      const [name = "", ...value] = text.split("=");
      return [name, value.join("=")];
    })),
    fallback: {},
    canonical: (value) => Object.entries(value).sort(compareKeys),
  };
}

export type OptionsByDriver = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Options by driver; as flags `DRIVER=NAME=VALUE`, once for each. */
export function optionsSetting(key: string, flag: string): Setting<OptionsByDriver> {
  return {
    key,
    flag,
    type: "an object of options by driver",
    ofFile: (value) => {
      if (!isJsonObject(value)) return undefined;
      const entries = Object.entries(value).filter((entry): entry is [string, object] => isJsonObject(entry[1]));
      return Object.fromEntries(entries.map(([driver, options]) => [driver, textsOf(options)]));
    },
    ofFlags: (texts) => {
      const options = new Map<string, [string, string][]>();
      for (const text of texts) {
        const [driver = "", name = "", ...value] = text.split("=");
        options.set(driver, [...(options.get(driver) ?? []), [name, value.join("=")]]);
      }
      return Object.fromEntries([...options].map(([driver, pairs]) => [driver, Object.fromEntries(pairs)]));
    },
    fallback: {},
    canonical: (value) => Object.entries(value).map(([driver, options]) => [driver, Object.entries(options).sort(compareKeys)] as const).sort(compareKeys),
  };
}

function textsOf(options: object): Record<string, string> {
  return Object.fromEntries(Object.entries(options).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function compareKeys([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

const TRUE = ["1", "t", "T", "TRUE", "true", "True"];
const FALSE = ["0", "f", "F", "FALSE", "false", "False"];

/** Go's strconv.ParseBool; undefined for any other word. */
export function parseBoolean(text: string): boolean | undefined {
  if (TRUE.includes(text)) return true;
  return FALSE.includes(text) ? false : undefined;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((element) => typeof element === "string");
}
