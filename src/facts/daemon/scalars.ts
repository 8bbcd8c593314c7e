/** Settings of one value each. */
import type { Daemon } from "../model/daemon.ts";
import type { Configuration } from "./configuration.ts";
import { resolveSetting, toPart, type DaemonPart, type Resolved } from "./resolve.ts";
import type { Setting } from "./setting.ts";
import { listSettings } from "./settings.ts";
import type { EngineAnswers, Told } from "./told.ts";

type Scalars = Pick<
  Daemon,
  | "noNewPrivileges" | "icc" | "defaultBridge" | "iptables" | "ip6tables" | "userlandProxy" | "liveRestore" | "experimental" | "debug" | "logLevel" | "logDriver"
  | "logMaxSize" | "defaultBind" | "storageDriver" | "cgroupParent" | "seccompProfile" | "cgroupNamespace" | "networkOptions" | "dataRoot" | "firewallBackend" | "tlsVerify"
>;

const DEFAULT_DATA_ROOT = "/var/lib/docker";

export function deriveScalars(answers: EngineAnswers, configuration: Configuration | string): DaemonPart<Scalars> {
  const settings = listSettings(answers.apiVersion);
  const resolve = <T>(setting: Setting<T>, told: Told<T> | null = null): Resolved<T> => resolveSetting(setting, told, configuration);
  const logOptions = resolve(settings.logOptions);
  return toPart({
    noNewPrivileges: resolve(settings.noNewPrivileges, answers.noNewPrivileges),
    icc: resolve(settings.icc, answers.icc),
    defaultBridge: toPresence(resolve(settings.bridge), answers.defaultBridge),
    iptables: resolve(settings.iptables),
    ip6tables: needVersion(resolve(settings.ip6tables), "ip6tables", answers, configuration),
    userlandProxy: resolve(settings.userlandProxy, answers.userlandProxy),
    liveRestore: resolve(settings.liveRestore, answers.liveRestore),
    experimental: resolve(settings.experimental, answers.experimental),
    debug: resolve(settings.debug, answers.debug),
    tlsVerify: resolve(settings.tlsVerify),
    logLevel: resolve(settings.logLevel),
    logDriver: resolve(settings.logDriver, answers.logDriver),
    logMaxSize: { ...logOptions, value: typeof logOptions.value["max-size"] === "string" ? logOptions.value["max-size"] : null },
    defaultBind: resolve(settings.defaultBind, answers.defaultBind),
    storageDriver: resolve(settings.storageDriver, answers.storageDriver),
    cgroupParent: resolve(settings.cgroupParent),
    seccompProfile: resolve(settings.seccompProfile, answers.seccompProfile),
    cgroupNamespace: resolve(settings.cgroupNamespace),
    networkOptions: resolve(settings.networkOptions),
    dataRoot: orDefault(resolve(settings.dataRoot, answers.dataRoot), DEFAULT_DATA_ROOT),
    firewallBackend: resolve(settings.firewallBackend, answers.firewallBackend),
  });
}

function toPresence(bridge: Resolved<string | null>, told: Told<boolean> | null): Resolved<boolean> {
  return told === null ? { ...bridge, value: bridge.value !== "none", drift: null } : { ...told, unknown: null, drift: null };
}

function orDefault<T>(resolved: Resolved<T | null>, value: T): Resolved<T> {
  return { ...resolved, value: resolved.value ?? value };
}

/** A default that hangs on the engine's version is not known without it. */
function needVersion(resolved: Resolved<boolean>, key: string, answers: EngineAnswers, configuration: Configuration | string): Resolved<boolean> {
  const isSet = typeof configuration === "string" || configuration.flags.has(key) || configuration.file?.values.has(key) === true;
  if (answers.apiVersion !== null || isSet) return resolved;
  return { ...resolved, unknown: resolved.unknown ?? "the default hangs on the engine's version, which is not known" };
}
