/** What a project says of one of its networks. */
import type { EngineDefaults } from "../../facts/engine-defaults.ts";
import type { Network } from "../../facts/model/network.ts";
import { describeSettings, ENCRYPTION_OPTION, ICC_OPTION, modeOption, NAME_OPTION } from "../../facts/network/settings.ts";
import { type FilePlace, isFilePlace, pointer } from "../../facts/resource.ts";
import { child, descend, type Entry, type MapNode, type Node, unknownsOf } from "../node.ts";
import { usedAt } from "../places.ts";
import { booleanAt, pairsAt, textAt } from "../values/read.ts";
import { describeVariables, type FactRecord, note, noteUnknown, place } from "./record.ts";

export interface DeclaredNetwork extends Pick<Network, "name" | "external" | "origins" | "unknown"> {
  readonly settings: Pick<Network, "driver" | "scope" | "internal" | "ipv6" | "icc" | "encrypted" | "gateways" | "defaultBridge" | "bridge" | "options">;
}

/** `at` is the place of its key. */
export function readNetwork(key: string, { value }: Entry, engine: EngineDefaults, at: FilePlace): DeclaredNetwork {
  const spec: MapNode = value.kind === "map" ? value : { kind: "map", entries: new Map(), at: value.at };
  const name = textAt(spec, "name") ?? key;
  const record: FactRecord = { spec, key: at, open: null, engine, origins: { "": at }, unknown: {} };
  note(record, ["name"], ["name"]);
  note(record, ["external"], ["external"]);
  const external = booleanAt(spec, "external") === true;
  const settings = external ? describeForeign(name, record) : describeOwn(record);
  return { name, external, settings, origins: record.origins, unknown: record.unknown };
}

/** Of an external network the name is all that is here. */
function describeForeign(name: string, record: FactRecord): DeclaredNetwork["settings"] {
  const reason = `the network ${name} is external: its settings are not here`;
  for (const fact of ["driver", "scope", "internal", "ipv6", "icc", "encrypted", "gateways", "bridge", "options"]) record.unknown[pointer([fact])] = reason;
  return { driver: "", scope: "", internal: false, ipv6: false, icc: true, encrypted: false, gateways: [], defaultBridge: name === "bridge", bridge: null, options: {} };
}

function describeOwn(record: FactRecord): DeclaredNetwork["settings"] {
  const { spec, engine } = record;
  note(record, ["driver"], ["driver"]);
  note(record, ["internal"], ["internal"]);
  const driver = textAt(spec, "driver") || "bridge";
  const byDefault = engine.networkOptions.value[driver] ?? {};
  const own = Object.fromEntries(pairsAt(spec, "driver_opts").map(({ name, value }) => [name, value ?? ""]));
  const options = { ...byDefault, ...own };
  const families = { ipv4: hasFamily(record, 4, options), ipv6: hasFamily(record, 6, options) };
  const { value, unknown = {} } = describeSettings({ driver, options, ...families }, engine);
  Object.assign(record.unknown, unknown);
  place(record, ["options"], ["driver_opts"]);
  for (const name of Object.keys(own)) place(record, ["options", name], ["driver_opts", name]);
  noteOption(record, ["icc"], ICC_OPTION, driver);
  noteOption(record, ["encrypted"], ENCRYPTION_OPTION, driver);
  value.gateways.forEach(({ key, filtered }, index) => {
    place(record, ["gateways", index], ...(key === "IPv6" ? [["enable_ipv6"]] : []));
    noteOption(record, ["gateways", index, "mode"], modeOption(key), driver);
    const filter = (key === "IPv6" ? engine.ip6tables : engine.iptables).place;
    if (!filtered && filter !== undefined) record.origins[pointer(["gateways", index, "filtered"])] = isFilePlace(filter) ? usedAt(filter, record.key) : filter;
  });
  const open = record.unknown["/driver"];
  if (open !== undefined) for (const fact of ["/icc", "/encrypted", "/gateways"]) record.unknown[fact] = open;
  return {
    driver, scope: driver === "overlay" ? "swarm" : "local", internal: booleanAt(spec, "internal") ?? false, ipv6: families.ipv6,
    ...value, defaultBridge: false, bridge: driver === "bridge" ? (options[NAME_OPTION] ?? null) : null, options,
  };
}

/** `enable_ipv4` and `enable_ipv6` go before the options that say the same. An IPv6 subnet alone does nothing (moby, api/types/network, ValidateIPAM). */
function hasFamily(record: FactRecord, version: 4 | 6, options: Readonly<Record<string, string>>): boolean {
  const key = `enable_ipv${version}`;
  const option = `com.docker.network.${key}`;
  const given = child(record.spec, key);
  const node: Node | undefined = given ?? descend(record.spec, "driver_opts", option);
  if (version === 6) place(record, ["ipv6"], [key], ["driver_opts", option]);
  const open = unknownsOf(node);
  const reason = open.length > 0 ? describeVariables(open) : node === undefined ? record.engine.networkOptions.unknown : undefined;
  if (reason !== undefined) for (const fact of version === 6 ? ["/ipv6", "/gateways"] : ["/gateways"]) record.unknown[fact] = reason;
  return given === undefined ? (options[option] ?? String(version === 4)) === "true" : (booleanAt(record.spec, key) ?? false);
}

/** An option of the network's own, else of daemon.json's default-network-opts. */
function noteOption(record: FactRecord, fact: readonly (string | number)[], option: string, driver: string): void {
  const at = pointer(fact);
  const own = descend(record.spec, "driver_opts", option);
  if (own !== undefined) {
    place(record, fact, ["driver_opts", option]);
    noteUnknown(record, at, own);
    return;
  }
  const { value, place: origin, unknown } = record.engine.networkOptions;
  if (unknown !== undefined) record.unknown[at] ??= unknown;
  if (value[driver]?.[option] !== undefined && origin !== undefined && isFilePlace(origin)) record.origins[at] = usedAt(origin, record.key);
}
