/** What the engine says of itself once it was started anew with other keys in daemon.json: the settings of facts/daemon/told.ts. */
import { isDefaultBridge } from "../../facts/default-bridge.ts";
import type { Sources } from "../../snapshot/model.ts";
import type { DaemonStep } from "../model.ts";

type Info = Readonly<Record<string, unknown>>;

/** Keys under which `docker info` tells a setting. Left out, daemon.json is believed. */
const TOLD: ReadonlyMap<string, string> = new Map([
  ["live-restore", "LiveRestoreEnabled"], ["debug", "Debug"], ["experimental", "ExperimentalBuild"], ["log-driver", "LoggingDriver"],
]);

/** Options of the default bridge, which the engine makes at its start. */
const BRIDGE_OPTIONS: ReadonlyMap<string, string> = new Map([["icc", "com.docker.network.bridge.enable_icc"], ["ip", "com.docker.network.bridge.host_binding_ipv4"]]);

export function readRestarted({ engine, networks }: Pick<Sources, "engine" | "networks">, changes: DaemonStep["changes"]): Pick<Sources, "engine" | "networks"> {
  const values = new Map(changes.map(({ key, after }) => [key, JSON.parse(after) as unknown]));
  return {
    engine: engine.data === null ? engine : { ...engine, data: { ...engine.data, info: changeInfo(engine.data.info, values) } },
    networks: networks.data === null ? networks : { ...networks, data: networks.data.map((network) => (isDefaultBridge(network) ? changeBridge(network, values) : network)) },
  };
}

function changeInfo(info: Info, values: ReadonlyMap<string, unknown>): Info {
  const dropped = new Set([...values.keys()].flatMap((key) => TOLD.get(key) ?? []));
  const kept = Object.fromEntries(Object.entries(info).filter(([key]) => !dropped.has(key)));
  const { SecurityOptions: options, FirewallBackend: backend } = info;
  return {
    ...kept,
    ...(Array.isArray(options) ? { SecurityOptions: changeSecurity(options as unknown[], values) } : {}),
    ...(values.has("userland-proxy") && typeof backend === "object" && backend !== null ? { FirewallBackend: { ...backend, Info: [["EnableUserlandProxy", String(values.get("userland-proxy"))]] } } : {}),
  };
}

function changeSecurity(options: readonly unknown[], values: ReadonlyMap<string, unknown>): unknown[] {
  const without = (name: string): unknown[] => options.filter((option) => String(option).split(",")[0] !== `name=${name}`);
  const set = (key: string, name: string, text: string | null): void => {
    if (values.has(key)) options = [...without(name), ...(text === null ? [] : [text])];
  };
  set("no-new-privileges", "no-new-privileges", values.get("no-new-privileges") === true ? "name=no-new-privileges" : null);
  set("userns-remap", "userns", "name=userns");
  set("seccomp-profile", "seccomp", `name=seccomp,profile=${String(values.get("seccomp-profile"))}`);
  return [...options];
}

function changeBridge(network: Info, values: ReadonlyMap<string, unknown>): Info {
  const set = [...BRIDGE_OPTIONS].flatMap(([key, option]) => (values.has(key) ? [[option, String(values.get(key))]] : []));
  const known = network["Options"];
  return { ...network, Options: { ...(typeof known === "object" ? known : {}), ...(Object.fromEntries(set) as Record<string, string>) } };
}
