/** What the options of a network mean. */
import { parseBoolean } from "../daemon/setting.ts";
import type { EngineDefaults } from "../engine-defaults.ts";
import type { Network } from "../model/network.ts";
import type { Part } from "../part.ts";
import { pointer } from "../resource.ts";

type Settings = Pick<Network, "icc" | "encrypted" | "gateways">;

const BRIDGE_OPTION = "com.docker.network.bridge";
export const ICC_OPTION = `${BRIDGE_OPTION}.enable_icc`;
export const NAME_OPTION = `${BRIDGE_OPTION}.name`;
/** Encrypts an overlay network, whatever its value (moby, libnetwork/drivers/overlay). */
export const ENCRYPTION_OPTION = "encrypted";

interface Given {
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
}

/** `engine` null: podman, which always filters. */
export function describeSettings({ driver, options, ipv4, ipv6 }: Given, engine: Pick<EngineDefaults, "iptables" | "ip6tables"> | null): Part<Settings> {
  const families = driver === "bridge" ? [...(ipv4 ? ["IPv4" as const] : []), ...(ipv6 ? ["IPv6" as const] : [])] : [];
  const filters = { IPv4: engine?.iptables, IPv6: engine?.ip6tables };
  const gateways = families.map((key) => ({ key, mode: options[modeOption(key)] || "nat", filtered: filters[key]?.value ?? true }));
  const unknown = families.flatMap((key, index) => {
    const reason = filters[key]?.unknown;
    return reason === undefined ? [] : [[pointer(["gateways", index, "filtered"]), reason] as const];
  });
  return {
    value: { icc: parseBoolean(options[ICC_OPTION] ?? "") !== false, encrypted: Object.hasOwn(options, ENCRYPTION_OPTION), gateways },
    unknown: Object.fromEntries(unknown),
  };
}

/** The option that sets the gateway mode of an address family, IPv4 or IPv6. */
export function modeOption(family: string): string {
  return `${BRIDGE_OPTION}.gateway_mode_${family.toLowerCase()}`;
}
