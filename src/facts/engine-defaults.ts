/** What an engine gives to containers and networks that say nothing themselves. */
import type { Daemon } from "./model/daemon.ts";
import { lookUp, type Place } from "./resource.ts";

export interface EngineDefault<T> {
  readonly value: T;
  /** Where the daemon's configuration says so; undefined where it says nothing. */
  readonly place: Place | undefined;
  readonly unknown: string | undefined;
}

const KEYS = [
  "remapped", "noNewPrivileges", "seccompProfile", "cgroupParent", "cgroupNamespace", "defaultUlimits", "logDriver", "logMaxSize",
  "defaultBridge", "defaultBind", "icc", "iptables", "ip6tables", "networkOptions", "hosts", "dataRoot",
] as const satisfies readonly (keyof Daemon)[];

type Key = (typeof KEYS)[number];

export type EngineDefaults = { readonly [K in Key]: EngineDefault<Daemon[K]> };

/** Those of a daemon, live or of a daemon.json. */
export function readDefaults(dockerd: Daemon): EngineDefaults {
  return fromKeys((key) => ({ value: dockerd[key], place: lookUp(dockerd.origins, `/${key}`), unknown: lookUp(dockerd.unknown, `/${key}`) }));
}

/** Where defaults come from that are those of an engine which nobody has seen. */
export const ASSUMED: Place = { source: "assumed", key: "an engine with its defaults on cgroup v2" };

/** A current engine without any configuration: what an empty daemon.json means, without reading one. */
export const ASSUMED_DEFAULTS: EngineDefaults = assume({
  remapped: false,
  noNewPrivileges: false,
  seccompProfile: null,
  cgroupParent: null,
  cgroupNamespace: "private",
  defaultUlimits: [],
  logDriver: "json-file",
  logMaxSize: null,
  defaultBridge: true,
  defaultBind: "0.0.0.0",
  icc: true,
  iptables: true,
  ip6tables: true,
  networkOptions: {},
  hosts: [],
  dataRoot: "/var/lib/docker",
});

/** Where which daemon it is cannot be told: nothing that hangs on one is known. */
export function unknownDefaults(reason: string): EngineDefaults {
  return fromKeys((key) => ({ ...ASSUMED_DEFAULTS[key], place: undefined, unknown: reason }));
}

function assume(values: Pick<Daemon, Key>): EngineDefaults {
  return fromKeys((key) => ({ value: values[key], place: ASSUMED, unknown: undefined }));
}

function fromKeys(describe: (key: Key) => EngineDefault<Daemon[Key]>): EngineDefaults {
  return Object.fromEntries(KEYS.map((key) => [key, describe(key)])) as EngineDefaults;
}
