/** Settings that are lists, what the process really listens on, and the engine's warnings. */
import type { DaemonData } from "../../snapshot/model.ts";
import { addressScope } from "../addresses.ts";
import type { Daemon } from "../model/daemon.ts";
import { pointer, type Place } from "../resource.ts";
import type { Configuration } from "./configuration.ts";
import { describeHost, describeMirror, describeRegistry } from "./endpoints.ts";
import { resolveSetting, toPart, type DaemonPart, type Resolved } from "./resolve.ts";
import type { Setting } from "./setting.ts";
import { listSettings } from "./settings.ts";
import type { EngineAnswers } from "./told.ts";

type Lists = Pick<
  Daemon, "authorizationPlugins" | "defaultUlimits" | "hosts" | "insecureRegistries" | "registryMirrors" | "listeners" | "warnings"
>;

export function deriveLists(answers: EngineAnswers, configuration: Configuration | string, data: DaemonData | null): DaemonPart<Lists> {
  const settings = listSettings(answers.apiVersion);
  const ulimits = resolveSetting(settings.defaultUlimits, null, configuration);
  const hosts = orDefaultHost(resolveSetting(settings.hosts, null, configuration), data);
  const insecure = resolveSetting(settings.insecureRegistries, answers.insecureRegistries, configuration);
  const mirrors = resolveSetting(settings.registryMirrors, answers.registryMirrors, configuration);
  const plugins = resolveSetting(settings.authorizationPlugins, answers.authorizationPlugins, configuration);
  const part = toPart<Lists>({
    authorizationPlugins: { ...plugins, value: [...plugins.value] },
    defaultUlimits: { ...ulimits, value: Object.keys(ulimits.value) },
    hosts: { ...hosts, value: hosts.value.map(describeHost) },
    insecureRegistries: { ...insecure, value: insecure.value.map(describeRegistry) },
    registryMirrors: { ...mirrors, value: mirrors.value.map(describeMirror) },
    listeners: describeListeners(resolveSetting(settings.metricsAddress, null, configuration).value, answers, configuration, data),
    warnings: describeWarnings(answers),
  });
  const places = {
    ...placeElements("authorizationPlugins", plugins, settings.authorizationPlugins, configuration),
    ...placeElements("hosts", hosts, settings.hosts, configuration),
    ...placeElements("insecureRegistries", insecure, settings.insecureRegistries, configuration),
    ...placeElements("registryMirrors", mirrors, settings.registryMirrors, configuration),
  };
  return { ...part, origins: { ...part.origins, ...places } };
}

/** Where dockerd serves when it is told nothing. */
function orDefaultHost(hosts: Resolved<readonly string[]>, data: DaemonData | null): Resolved<readonly string[]> {
  if (hosts.unknown !== null || hosts.value.length > 0) return hosts;
  return { ...hosts, value: [data?.rootless === true ? "unix://$XDG_RUNTIME_DIR/docker.sock" : "unix:///var/run/docker.sock"] };
}

/** The line or the flag of each element that is written down; the others have the list's place. */
function placeElements(
  list: string, { value }: Resolved<readonly string[]>, { key, flag }: Setting<readonly string[]>, configuration: Configuration | string,
): Record<string, Place> {
  if (typeof configuration === "string") return {};
  const inFile = (configuration.file?.values.get(key)?.parts ?? []).map((part): [string, Place] => [part.key, part.place]);
  const asFlags = (configuration.flags.get(flag) ?? []).map(({ text, place }): [string, Place] => [text, place]);
  const places = new Map([...inFile, ...asFlags]);
  return Object.fromEntries(value.flatMap((element, index) => {
    const place = places.get(element);
    return place === undefined ? [] : [[pointer([list, index]), place]];
  }));
}

/** Of a swarm's manager: its control port with mutual TLS, and that of the gossip between nodes. */
const SWARM_PORTS = [2377, 7946];

function describeListeners(
  metrics: string | null, { swarm }: EngineAnswers, configuration: Configuration | string, data: DaemonData | null,
): Resolved<Daemon["listeners"]> {
  const metricsPort = Number(metrics?.split(":").at(-1) ?? Number.NaN);
  const value = (data?.listeners ?? []).map(({ address, port }) => ({
    key: `${address.includes(":") ? `[${address}]` : address}:${port}`,
    address,
    port,
    loopback: addressScope(address) === "loopback",
    api: port !== metricsPort && !(swarm?.value === true && SWARM_PORTS.includes(port)),
  }));
  const origin = { source: "daemon", key: `/proc/${data?.pid ?? "PID"}/net/tcp` };
  return { value, origin, unknown: whyListenersUnknown(configuration, data), drift: null };
}

function whyListenersUnknown(configuration: Configuration | string, data: DaemonData | null): string | null {
  if (typeof configuration === "string") return configuration;
  const looked = data === null || data.pid === null || data.listeners !== null;
  return looked ? null : "which sockets dockerd holds could not be read, which takes root";
}

function describeWarnings({ warnings }: EngineAnswers): Resolved<Daemon["warnings"]> {
  const value = (warnings ?? []).map((text) => text.replace(/\s+/g, " ").trim()).map((text) => ({ key: text, text }));
  const unknown = warnings === null ? "the engine was not asked for its warnings" : null;
  return { value, origin: { source: "engine", key: "info.Warnings" }, unknown, drift: null };
}
