/** What the engine is used for, as far as it decides what its settings mean: published ports, IPv6, a swarm, routes around publishing. */
import type { Snapshot } from "../../snapshot/model.ts";
import type { Daemon } from "../model/daemon.ts";
import type { Part } from "../part.ts";
import { publishesPorts } from "../publishes-ports.ts";
import { booleanAt, textAt } from "../raw.ts";
import type { Place } from "../resource.ts";
import type { Configuration } from "./configuration.ts";
import { deriveDirectRouting } from "./direct-routing.ts";
import { resolveSetting } from "./resolve.ts";
import { listSettings } from "./settings.ts";
import type { EngineAnswers } from "./told.ts";

type Use = Pick<Daemon, "swarm" | "publishesPorts" | "hasIpv6Network" | "directRouting">;

/** Where there is no engine, the files count as those of one that publishes ports. */
export function deriveUse(snapshot: Snapshot, answers: EngineAnswers, configuration: Configuration | string): Part<Use> {
  const known = { swarm: findSwarm(snapshot, answers), publishesPorts: findPublishing(snapshot), hasIpv6Network: findIpv6(snapshot, configuration) };
  const routing = deriveDirectRouting(snapshot, configuration);
  const entries = Object.entries(known);
  return {
    value: { swarm: known.swarm.value, publishesPorts: known.publishesPorts.value, hasIpv6Network: known.hasIpv6Network.value, ...routing.value },
    origins: { ...Object.fromEntries(entries.map(([name, { origin }]) => [`/${name}`, origin])), ...routing.origins },
    unknown: { ...Object.fromEntries(entries.flatMap(([name, { unknown }]) => (unknown === null ? [] : [[`/${name}`, unknown]]))), ...routing.unknown },
  };
}

interface Known {
  readonly value: boolean;
  readonly origin: Place;
  readonly unknown: string | null;
}

function findSwarm({ sources: { engine } }: Snapshot, { swarm }: EngineAnswers): Known {
  if (swarm !== null) return { ...swarm, unknown: null };
  const unknown = engine.status === "absent" ? null : `whether it takes part in a swarm was not told: ${engine.detail ?? engine.status}`;
  return { value: false, origin: { source: "engine", key: "info.Swarm" }, unknown };
}

function findPublishing({ sources: { engine, containers } }: Snapshot): Known {
  const origin: Place = { source: "containers", key: "HostConfig.PortBindings" };
  if (containers.data === null) {
    return { value: true, origin, unknown: engine.status === "absent" ? null : `the containers were not read: ${containers.detail ?? containers.status}` };
  }
  const value = containers.data.some(({ inspect }) => publishesPorts(inspect));
  const unseen = containers.data.find(({ inspect }) => inspect === null);
  return { value, origin, unknown: value || unseen === undefined ? null : `container ${unseen.name} could not be inspected` };
}

const ENABLE_IPV6 = "com.docker.network.enable_ipv6";

/** The engine's networks; without an engine whether the files ask for IPv6. */
function findIpv6({ sources: { engine, networks } }: Snapshot, configuration: Configuration | string): Known {
  const origin: Place = { source: "networks", key: "EnableIPv6" };
  if (networks.data !== null) return { value: networks.data.some((network) => booleanAt(network, "EnableIPv6") === true), origin, unknown: null };
  if (typeof configuration === "string") return { value: false, origin, unknown: configuration };
  if (engine.status !== "absent") return { value: false, origin, unknown: `the networks were not read: ${networks.detail ?? networks.status}` };
  const settings = listSettings(null);
  const ipv6 = resolveSetting(settings.ipv6, null, configuration);
  const pools = configuration.file?.values.get("default-address-pools");
  const pool = pools?.parts.find(({ value }) => textAt(value, "base")?.includes(":") === true);
  if (pool !== undefined) return { value: true, origin: pool.place, unknown: null };
  const byDefault = resolveSetting(settings.networkOptions, null, configuration).value["bridge"]?.[ENABLE_IPV6] === "true";
  const flag = configuration.flags.get("default-address-pool")?.some(({ text }) => /base=[^,]*:/.test(text)) === true;
  return { value: ipv6.value || byDefault || flag, origin: ipv6.origin, unknown: ipv6.unknown };
}
