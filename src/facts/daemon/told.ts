/** What a running engine itself tells of its configuration: this is what runs, whatever file and flags say. */
import type { Snapshot } from "../../snapshot/model.ts";
import { isPodman } from "../../snapshot/podman.ts";
import { isDefaultBridge } from "../default-bridge.ts";
import { booleanAt, entriesAt, listAt, textAt, textMapAt, textsAt } from "../raw.ts";
import type { Place } from "../resource.ts";

export interface Told<T> {
  readonly value: T;
  readonly origin: Place;
}

/** Null where the engine does not tell: it was not asked, or is too old to. */
export interface EngineAnswers {
  readonly version: string | null;
  readonly apiVersion: ApiVersion | null;
  readonly podman: boolean;
  readonly rootless: Told<boolean> | null;
  /** userns-remap is in force. */
  readonly remapped: Told<boolean> | null;
  readonly noNewPrivileges: Told<boolean> | null;
  readonly seccompProfile: Told<string | null> | null;
  readonly icc: Told<boolean> | null;
  readonly defaultBridge: Told<boolean> | null;
  readonly defaultBind: Told<string> | null;
  readonly userlandProxy: Told<boolean> | null;
  readonly liveRestore: Told<boolean> | null;
  readonly experimental: Told<boolean> | null;
  readonly debug: Told<boolean> | null;
  readonly logDriver: Told<string> | null;
  readonly storageDriver: Told<string> | null;
  readonly dataRoot: Told<string> | null;
  readonly firewallBackend: Told<string> | null;
  readonly authorizationPlugins: Told<readonly string[]> | null;
  readonly insecureRegistries: Told<readonly string[]> | null;
  readonly registryMirrors: Told<readonly string[]> | null;
  readonly swarm: Told<boolean> | null;
  readonly warnings: readonly string[] | null;
}

export function readEngineAnswers(snapshot: Snapshot): EngineAnswers {
  const { engine, networks } = snapshot.sources;
  const info: unknown = engine.data?.info ?? null;
  const version = engine.data?.version ?? null;
  const apiVersion = parseApiVersion(textAt(version, "ApiVersion"));
  return {
    version: textAt(info, "ServerVersion") ?? textAt(version, "Version"),
    apiVersion,
    podman: isPodman(version),
    ...readSecurityOptions(info, apiVersion),
    ...readDefaultBridge(networks.data ?? []),
    defaultBridge: info === null || networks.data === null ? null
      : { value: networks.data.some(isDefaultBridge), origin: { source: "networks", key: "bridge" } },
    userlandProxy: told(parseTold(listAt(info, "FirewallBackend", "Info")), "FirewallBackend.Info"),
    liveRestore: told(booleanAt(info, "LiveRestoreEnabled"), "LiveRestoreEnabled"),
    experimental: told(booleanAt(info, "ExperimentalBuild"), "ExperimentalBuild"),
    debug: told(booleanAt(info, "Debug"), "Debug"),
    logDriver: told(textAt(info, "LoggingDriver"), "LoggingDriver"),
    storageDriver: told(textAt(info, "Driver"), "Driver"),
    dataRoot: told(textAt(info, "DockerRootDir"), "DockerRootDir"),
    firewallBackend: told(textAt(info, "FirewallBackend", "Driver"), "FirewallBackend.Driver"),
    ...readLists(info),
    swarm: info === null ? null : told(textAt(info, "Swarm", "LocalNodeState") === "active", "Swarm.LocalNodeState"),
    warnings: info === null ? null : textsAt(info, "Warnings"),
  };
}

/** Major and minor number of the API. */
export type ApiVersion = readonly [number, number];

export function isAtLeast(version: ApiVersion, wanted: ApiVersion): boolean {
  return version[0] > wanted[0] || (version[0] === wanted[0] && version[1] >= wanted[1]);
}

/** `docker info` names no-new-privileges since engine 24 (moby, pull request 45320); before, its absence says nothing. */
const TELLS_NO_NEW_PRIVILEGES: ApiVersion = [1, 43];

type SecurityAnswers = Pick<EngineAnswers, "rootless" | "remapped" | "noNewPrivileges" | "seccompProfile">;

function readSecurityOptions(info: unknown, api: ApiVersion | null): SecurityAnswers {
  if (info === null) return { rootless: null, remapped: null, noNewPrivileges: null, seccompProfile: null };
  const options = textsAt(info, "SecurityOptions").map((option) => option.split(","));
  const has = (name: string): boolean => options.some(([first]) => first === `name=${name}`);
  const seccomp = options.find(([first]) => first === "name=seccomp");
  const profile = seccomp?.find((part) => part.startsWith("profile="))?.slice("profile=".length);
  const noNewPrivileges = has("no-new-privileges");
  const say = <T>(value: T): Told<T> => ({ value, origin: { source: "engine", key: "info.SecurityOptions" } });
  return {
    rootless: say(has("rootless")),
    remapped: say(has("userns")),
    noNewPrivileges: noNewPrivileges || (api !== null && isAtLeast(api, TELLS_NO_NEW_PRIVILEGES)) ? say(noNewPrivileges) : null,
    seccompProfile: say(profile ?? null),
  };
}

const BRIDGE_OPTION = "com.docker.network.bridge";

/** The default bridge is made from the daemon's options when it starts; with `bridge: none` there is none. */
function readDefaultBridge(networks: readonly unknown[]): Pick<EngineAnswers, "icc" | "defaultBind"> {
  const bridge = networks.find(isDefaultBridge);
  const option = (name: string): Told<string> | null => {
    const value = textMapAt(bridge, "Options")[`${BRIDGE_OPTION}.${name}`];
    const key = `${textAt(bridge, "Name") ?? ""} Options.${BRIDGE_OPTION}.${name}`;
    return value === undefined ? null : { value, origin: { source: "networks", key } };
  };
  const icc = option("enable_icc");
  return { icc: icc === null ? null : { ...icc, value: icc.value === "true" }, defaultBind: option("host_binding_ipv4") };
}

function readLists(info: unknown): Pick<EngineAnswers, "authorizationPlugins" | "insecureRegistries" | "registryMirrors"> {
  if (info === null) return { authorizationPlugins: null, insecureRegistries: null, registryMirrors: null };
  const insecure = entriesAt(info, "RegistryConfig", "IndexConfigs").filter(([, index]) => booleanAt(index, "Secure") === false);
  return {
    authorizationPlugins: told(textsAt(info, "Plugins", "Authorization"), "Plugins.Authorization"),
    insecureRegistries: told([...textsAt(info, "RegistryConfig", "InsecureRegistryCIDRs"), ...insecure.map(([name]) => name)].sort(), "RegistryConfig"),
    registryMirrors: told(textsAt(info, "RegistryConfig", "Mirrors"), "RegistryConfig.Mirrors"),
  };
}

function told<T>(value: T | null, key: string): Told<T> | null {
  return value === null ? null : { value, origin: { source: "engine", key: `info.${key}` } };
}

/** FirewallBackend.Info is a list of name and value. */
function parseTold(pairs: readonly unknown[]): boolean | null {
  const pair = pairs.find((entry) => Array.isArray(entry) && entry[0] === "EnableUserlandProxy");
  const value: unknown = Array.isArray(pair) ? pair[1] : null;
  return value === "true" ? true : value === "false" ? false : null;
}

function parseApiVersion(text: string | null): ApiVersion | null {
  const [, major, minor] = /^(\d+)\.(\d+)$/.exec(text ?? "") ?? [];
  return major === undefined || minor === undefined ? null : [Number(major), Number(minor)];
}
