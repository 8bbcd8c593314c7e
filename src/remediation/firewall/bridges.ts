/** The interfaces that lead to containers, as rules name them. */
import type { Network } from "../../facts/model/network.ts";
import { textAt } from "../../facts/raw.ts";
import type { Snapshot } from "../../snapshot/model.ts";

/** An interface, or with `prefix` every interface whose name begins so. */
export interface BridgeName {
  readonly name: string;
  readonly prefix: boolean;
}

export interface Bridges {
  readonly names: readonly BridgeName[];
  /** Bridges whose names cannot stand in a rule. */
  readonly refused: readonly string[];
  /** Interfaces that begin as the engine's do and are not its own, for which reason the names stand one by one. */
  readonly foreign: readonly string[];
}

/**
 * docker0 and br-*, with podman podman* as well, which networks to come are called too, and bridges with names of their own. Where the host itself has an
 * interface br-… (an uplink, say), the pattern would take its visitors for containers: then only the bridges that exist are named.
 */
export function listBridges(networks: readonly Network[], snapshot: Snapshot): Bridges {
  const own = networks.flatMap(({ bridge }) => (bridge === null ? [] : [bridge]));
  const refused = own.filter((name) => !SAFE.test(name));
  const wanted = own.some((name) => GENERATED.podman.test(name)) ? (["br-", "podman"] as const) : (["br-"] as const);
  const strangers = (prefix: keyof typeof GENERATED): string[] => listLinks(snapshot).filter((name) => name.startsWith(prefix) && !own.includes(name) && !GENERATED[prefix].test(name));
  const foreign = wanted.flatMap(strangers);
  const patterns = wanted.filter((prefix) => strangers(prefix).length === 0);
  const covered = (name: string): boolean => name === "docker0" || patterns.some((prefix) => name.startsWith(prefix));
  const others = own.filter((name) => SAFE.test(name) && !covered(name)).sort();
  return {
    names: [{ name: "docker0", prefix: false }, ...patterns.map((name) => ({ name, prefix: true })), ...[...new Set(others)].map((name) => ({ name, prefix: false }))],
    refused,
    foreign,
  };
}

/**
 * The kernel takes any name of up to 15 bytes without slash, colon and blanks; in a rule `+` and `*` are patterns, `!` negates and quotes
 * quote. A bridge called `+` would exempt every interface.
 */
const SAFE = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/;
/** Names that engines give by themselves: Docker br- and the first 12 digits of the network's id, podman a number. */
const GENERATED = { "br-": /^br-[0-9a-f]{12}$/, "podman": /^podman\d+$/ } as const;

function listLinks(snapshot: Snapshot): string[] {
  return (snapshot.sources.addresses.data?.links ?? []).flatMap((link) => textAt(link, "ifname") ?? []);
}
