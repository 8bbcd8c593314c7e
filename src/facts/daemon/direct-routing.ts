/** Settings that let other hosts reach container ports that nobody published (moby 28: direct routing, trusted host interfaces). */
import type { Snapshot } from "../../snapshot/model.ts";
import type { Daemon } from "../model/daemon.ts";
import type { Network } from "../model/network.ts";
import type { Part } from "../part.ts";
import { textAt, textMapAt } from "../raw.ts";
import { lookUp, type Place, pointer } from "../resource.ts";
import type { Configuration } from "./configuration.ts";
import { resolveSetting } from "./resolve.ts";
import { listSettings } from "./settings.ts";

type Way = Daemon["directRouting"][number] & { readonly place: Place };

const TRUSTED = "com.docker.network.bridge.trusted_host_interfaces";

/** What is found counts whatever else could not be read. */
export function deriveDirectRouting(snapshot: Snapshot, configuration: Configuration | string): Part<Pick<Daemon, "directRouting">> {
  const allow = resolveSetting(listSettings(null).allowDirectRouting, null, configuration);
  const ways: Way[] = [
    ...(allow.value ? [{ key: "allow-direct-routing", setting: "allow-direct-routing: true", place: allow.origin }] : []),
    ...listDefaults(configuration),
    ...listNetworks(snapshot),
  ];
  const unknown = ways.length > 0 ? null : allow.unknown ?? explainUnread(snapshot);
  return {
    value: { directRouting: ways.map(({ key, setting }) => ({ key, setting })) },
    origins: { "/directRouting": allow.origin, ...Object.fromEntries(ways.map(({ place }, index) => [`/directRouting/${index}`, place])) },
    unknown: unknown === null ? {} : { "/directRouting": unknown },
  };
}

/** Of networks that will be made. */
function listDefaults(configuration: Configuration | string): Way[] {
  if (typeof configuration === "string") return [];
  const key = "default-network-opts";
  const found = configuration.fileUnknown === null ? configuration.file?.values.get(key) : undefined;
  const inFile = textAt(found?.value, "bridge", TRUSTED) ?? "";
  const place = found?.parts.find((part) => part.key === "bridge")?.place;
  const flags = (configuration.flags.get("default-network-opt") ?? []).flatMap((flag): Way[] => {
    const interfaces = flag.text.split(`${TRUSTED}=`)[1] ?? "";
    return interfaces === "" ? [] : [{ key, setting: `trusted host interfaces ${interfaces} by default`, place: flag.place }];
  });
  return inFile === "" || place === undefined ? flags : [{ key, setting: `trusted host interfaces ${inFile} by default`, place }, ...flags];
}

function listNetworks({ sources: { networks } }: Snapshot): Way[] {
  return (networks.data ?? []).flatMap((network) => {
    const interfaces = textMapAt(network, "Options")[TRUSTED] ?? "";
    const name = textAt(network, "Name") ?? "";
    const place = { source: "networks", key: `${name} Options.${TRUSTED}` };
    return interfaces === "" ? [] : [describeTrusted(name, interfaces, place)];
  });
}

/** A daemon with the networks that are made for it elsewhere: those of compose projects. */
export function withTrustedNetworks(daemon: Daemon, networks: readonly Network[]): Daemon {
  const known = daemon.directRouting.length;
  const ways = networks.flatMap(({ name, options, external, origins }): Way[] => {
    const interfaces = options[TRUSTED] ?? "";
    const place = lookUp(origins, pointer(["options", TRUSTED]));
    return interfaces === "" || external || place === undefined ? [] : [describeTrusted(name, interfaces, place)];
  });
  if (ways.length === 0) return daemon;
  return {
    ...daemon,
    directRouting: [...daemon.directRouting, ...ways.map(({ key, setting }) => ({ key, setting }))],
    origins: { ...daemon.origins, ...Object.fromEntries(ways.map(({ place }, index) => [pointer(["directRouting", known + index]), place])) },
    unknown: Object.fromEntries(Object.entries(daemon.unknown).filter(([at]) => at !== "/directRouting")),
  };
}

function describeTrusted(name: string, interfaces: string, place: Place): Way {
  return { key: name, setting: `trusted host interfaces ${interfaces} on network ${name}`, place };
}

function explainUnread({ sources: { engine, networks } }: Snapshot): string | null {
  return networks.data !== null || engine.status === "absent" ? null : `the networks were not read: ${networks.detail ?? networks.status}`;
}
