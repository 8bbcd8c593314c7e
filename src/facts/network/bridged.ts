/** Which networks of the engine are on which bridges. */
import { type BridgedNetwork, parseAddress } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { listAt, textAt, textMapAt } from "../raw.ts";
import { NAME_OPTION } from "./settings.ts";

/** The name of its bridge interface, which the engine takes from the network's id unless it was given one; null for other drivers. */
export function bridgeOf(network: unknown): string | null {
  if (textAt(network, "Driver") !== "bridge") return null;
  return textMapAt(network, "Options")[NAME_OPTION] ?? `br-${(textAt(network, "Id") ?? "").slice(0, 12)}`;
}

/** By its subnets. Containers of gateway mode isolated are on a bridge on which the host has no address, so that no route leads there. */
export function listBridged({ sources: { networks } }: Snapshot): BridgedNetwork[] {
  return (networks.data ?? []).flatMap((network) => {
    const bridge = bridgeOf(network);
    const subnets = listAt(network, "IPAM", "Config").flatMap((config) => textAt(config, "Subnet") ?? []).filter(isSubnet);
    return bridge === null ? [] : subnets.map((subnet) => ({ bridge, network: subnet }));
  });
}

function isSubnet(text: string): boolean {
  const [, address = "", length = ""] = /^(.+)\/(\d+)$/.exec(text) ?? [];
  const parsed = parseAddress(address);
  return parsed !== null && Number(length) <= (parsed.family === 4 ? 32 : 128);
}
