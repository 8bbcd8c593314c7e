/** What a setting that every interface has comes to on the interfaces that it concerns. */
import { toSysctlKey } from "../../snapshot/sysctl-key.ts";
import type { Sysctl } from "../model/sysctl.ts";
import type { Part } from "../part.ts";
import { readInterfacePath, type InterfaceSetting } from "./effect.ts";
import { parseKernelNumber } from "./kernel-number.ts";
import type { Reading } from "./running.ts";

export interface Interface {
  readonly name: string;
  /** Leads out of this host: no bridge of the engine's. */
  readonly external: boolean;
  /** The engine itself needs route_localnet there: it publishes ports on loopback without its proxy. */
  readonly needsLocalnet: boolean;
}

type EffectPart = Part<Pick<Sysctl, "lowest" | "highest" | "lowestOn" | "highestOn">>;

const NONE = { lowest: null, highest: null, lowestOn: [], highestOn: [] };

/** For keys that no interface has. */
export const WITHOUT_INTERFACES: EffectPart = { value: NONE };

/** Of the key of `all`, which stands for all interfaces; nothing for other keys. `interfaces`: those with addresses of their own, or why they are not known. */
export function describeEffect(path: string, interfaces: readonly Interface[] | string, read: (key: string) => Reading): EffectPart {
  const found = readInterfacePath(path);
  if (found?.name !== "all") return WITHOUT_INTERFACES;
  if (typeof interfaces === "string") return unknownEffect(interfaces);
  const { setting } = found;
  const names = interfaces.filter((one) => concerns(setting, one)).map(({ name }) => name);
  const effects: [string, number][] = [];
  for (const name of setting.withDefault ? [...names, "default"] : names) {
    const effect = effectOn(setting, name, read);
    if (typeof effect === "string") return unknownEffect(effect);
    if (effect !== null) effects.push([name, effect]);
  }
  return { value: summarize(effects) };
}

function concerns({ concerns: which, leaf }: InterfaceSetting, { external, needsLocalnet }: Interface): boolean {
  return (which === "routed" || external) && !(leaf === "route_localnet" && needsLocalnet);
}

/** The value in effect; a text is the reason why it is not known. */
function effectOn({ family, leaf, combine }: InterfaceSetting, name: string, read: (key: string) => Reading): number | string | null {
  const numberAt = (interfaceName: string, key: string): number | string => toNumber(read(toSysctlKey(`net/${family}/conf/${interfaceName}/${key}`)), key);
  // An interface may do without a protocol.
  if (read(toSysctlKey(`net/${family}/conf/${name}/${leaf}`)) === "absent") return null;
  const own = numberAt(name, leaf);
  const all = numberAt("all", leaf);
  const forwarding = numberAt(name, "forwarding");
  const unknown = [own, all, forwarding].find((value) => typeof value === "string");
  if (unknown !== undefined) return unknown;
  return combine({ own: Number(own), all: Number(all), forwarding: forwarding !== 0 });
}

function toNumber(reading: Reading, leaf: string): number | string {
  if (reading === "absent") return `${leaf} of an interface is not there`;
  if (reading === "unreadable") return `${leaf} of an interface could not be read`;
  if ("unknown" in reading) return reading.unknown;
  return parseKernelNumber(reading.value) ?? `${leaf} of an interface is ${JSON.stringify(reading.value)}, which is not one number`;
}

function summarize(effects: readonly (readonly [string, number])[]): EffectPart["value"] {
  if (effects.length === 0) return NONE;
  const values = effects.map(([, value]) => value);
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const at = (wanted: number): string[] => effects.filter(([, value]) => value === wanted).map(([name]) => name);
  return { lowest, highest, lowestOn: at(lowest), highestOn: at(highest) };
}

function unknownEffect(reason: string): EffectPart {
  return { value: NONE, unknown: { "/lowest": reason, "/highest": reason, "/lowestOn": reason, "/highestOn": reason } };
}
