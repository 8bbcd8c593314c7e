/** The interfaces of the engine's network namespace that settings are about. */
import type { Snapshot } from "../../snapshot/model.ts";
import { needsLocalnet } from "../engine-place.ts";
import { deriveNetworks } from "../network.ts";
import { listAt, textAt } from "../raw.ts";
import type { Interface } from "./interfaces.ts";

/** Those that are up, without loopback and without ports of bridges, which have no addresses; a text is the reason why they are not known. */
export function listHostInterfaces(snapshot: Snapshot): readonly Interface[] | string {
  const { addresses } = snapshot.sources;
  if (addresses.data === null || addresses.status !== "ok") return `the interfaces were not read: ${addresses.detail ?? addresses.status}`;
  const bridges = new Set(deriveNetworks(snapshot).resources.flatMap(({ bridge }) => bridge ?? []));
  const hairpin = needsLocalnet(snapshot);
  return addresses.data.links.flatMap((link): Interface[] => {
    const name = textAt(link, "ifname");
    const flags = listAt(link, "flags");
    if (name === null || textAt(link, "master") !== null || flags.includes("LOOPBACK") || !flags.includes("UP")) return [];
    const external = !bridges.has(name);
    return [{ name, external, needsLocalnet: hairpin && !external }];
  });
}
