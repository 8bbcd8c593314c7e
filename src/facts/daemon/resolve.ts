/** Decides what runs for one setting: the engine's word, then the flag, the file and the default. */
import type { Part } from "../part.ts";
import type { Place } from "../resource.ts";
import type { ConfigValue } from "./config-file.ts";
import type { Configuration } from "./configuration.ts";
import type { Setting } from "./setting.ts";
import type { Told } from "./told.ts";

export interface Drift {
  readonly key: string;
  /** What the file or the unit says now. */
  readonly file: string;
  readonly running: string;
  readonly place: Place;
}

export interface Resolved<T> {
  readonly value: T;
  readonly origin: Place;
  /** Why the value is not known. */
  readonly unknown: string | null;
  /** The file says something else than what runs. */
  readonly drift: Drift | null;
}

/** A part of the daemon with the drift that was found on the way. */
export interface DaemonPart<T> extends Part<T> {
  readonly drift: readonly Drift[];
}

/**
 * A key in file and flags at once keeps dockerd from starting, so where one runs the file was changed since and the flag counts. `configuration`
 * is the reason where nothing is known of it.
 */
export function resolveSetting<T>(setting: Setting<T>, told: Told<T> | null, configuration: Configuration | string): Resolved<T> {
  if (typeof configuration === "string") {
    if (told !== null) return { value: told.value, origin: told.origin, unknown: null, drift: null };
    return { value: setting.fallback, origin: { source: "daemon", key: setting.key }, unknown: configuration, drift: null };
  }
  const flag = readFlag(setting, configuration);
  const file = readKey(setting, configuration);
  const running = decide(setting, told, flag, file, configuration);
  return { ...running, drift: findDrift(setting, told !== null || flag !== null, running, flag, file, configuration) };
}

/** Resolved settings by the name of their fact as one part. */
export function toPart<T extends object>(resolved: { readonly [K in keyof T]: Resolved<T[K]> }): DaemonPart<T> {
  const entries = Object.entries<Resolved<unknown>>(resolved);
  return {
    value: Object.fromEntries(entries.map(([name, { value }]) => [name, value])) as T,
    origins: Object.fromEntries(entries.map(([name, { origin }]) => [`/${name}`, origin])),
    unknown: Object.fromEntries(entries.flatMap(([name, { unknown }]) => (unknown === null ? [] : [[`/${name}`, unknown]]))),
    drift: entries.flatMap(([, { drift }]) => drift ?? []),
  };
}

/** `value` is undefined where dockerd would refuse what is given. */
interface Given<T> {
  readonly value: T | undefined;
  readonly origin: Place;
  readonly text: string;
}

function readFlag<T>(setting: Setting<T>, { flags }: Configuration): Given<T> | null {
  const values = flags.get(setting.flag);
  const last = values?.at(-1);
  if (values === undefined || last === undefined) return null;
  return { value: setting.ofFlags(values.map(({ text }) => text)), origin: last.place, text: `--${setting.flag}=${last.text}` };
}

/** `null` leaves a key as if it were not there (encoding/json). */
function readKey<T>(setting: Setting<T>, { file }: Configuration): Given<T> | null {
  const found: ConfigValue | undefined = file?.values.get(setting.key);
  if (found === undefined || found.value === null) return null;
  return { value: setting.ofFile(found.value), origin: found.place, text: JSON.stringify(found.value) };
}

function decide<T>(
  setting: Setting<T>, told: Told<T> | null, flag: Given<T> | null, file: Given<T> | null, configuration: Configuration,
): Omit<Resolved<T>, "drift"> {
  const { flagsUnknown, fileUnknown, path } = configuration;
  const unset: Place = fileUnknown === null && configuration.file?.root ? configuration.file.root : { source: "daemon", key: `${path} ${setting.key}` };
  if (told !== null) return { value: told.value, origin: originOfTold(setting, told, flag, file, unset), unknown: null };
  const unknown = (reason: string, origin: Place): Omit<Resolved<T>, "drift"> => ({ value: setting.fallback, origin, unknown: reason });
  if (flag !== null) {
    return flag.value === undefined ? unknown(`${flag.text} is not ${setting.type}: dockerd refuses it`, flag.origin) : { value: flag.value, origin: flag.origin, unknown: null };
  }
  if (flagsUnknown !== null) return unknown(flagsUnknown, unset);
  if (fileUnknown !== null) return unknown(fileUnknown, file?.origin ?? unset);
  if (file === null) return { value: setting.fallback, origin: unset, unknown: null };
  if (file.value === undefined) {
    const line = "line" in file.origin ? `:${file.origin.line}` : "";
    return unknown(`${path}${line}: "${setting.key}" is ${file.text}, not ${setting.type}: dockerd refuses it`, file.origin);
  }
  return { value: file.value, origin: file.origin, unknown: null };
}

/** The place that set what runs, if one of them says the same; else the engine's word itself. */
function originOfTold<T>(setting: Setting<T>, told: Told<T>, flag: Given<T> | null, file: Given<T> | null, unset: Place): Place {
  const agrees = (given: Given<T>): boolean => given.value !== undefined && isSame(setting, given.value, told.value);
  if (flag !== null) return agrees(flag) ? flag.origin : told.origin;
  if (file !== null) return agrees(file) ? file.origin : told.origin;
  return "file" in unset && isSame(setting, setting.fallback, told.value) ? unset : told.origin;
}

function findDrift<T>(
  setting: Setting<T>, known: boolean, running: Omit<Resolved<T>, "drift">, flag: Given<T> | null, file: Given<T> | null, configuration: Configuration,
): Drift | null {
  if (!configuration.running || !known || running.unknown !== null) return null;
  const runs = print(running.value);
  if (file !== null) {
    if (file.value !== undefined && isSame(setting, file.value, running.value)) return null;
    return { key: setting.key, file: file.text, running: runs, place: file.origin };
  }
  // Nothing sets it and yet it runs: the key, or the whole file, has been taken away since. Without a fixed default nothing follows.
  const readable = configuration.file === null ? configuration.fileUnknown === null : configuration.file.error === null;
  const removed = readable && flag === null && configuration.flagsUnknown === null && setting.fallback !== null;
  if (!removed || isSame(setting, setting.fallback, running.value)) return null;
  const place = configuration.file?.root ?? { source: "daemon", key: configuration.path };
  return { key: setting.key, file: "not set", running: runs, place };
}

function isSame<T>(setting: Setting<T>, a: T, b: T): boolean {
  return JSON.stringify(setting.canonical(a)) === JSON.stringify(setting.canonical(b));
}

function print(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
