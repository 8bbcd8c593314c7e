/** Resources of every kind from a snapshot; only the kinds that are asked for are derived. */
import type { Snapshot } from "../snapshot/model.ts";
import { deriveDaemon } from "./daemon.ts";
import { deriveExposedContainers } from "./exposure/containers.ts";
import { deriveExposedNetworks } from "./exposure/networks.ts";
import { deriveExposedPorts } from "./exposure/ports.ts";
import { deriveHost } from "./host.ts";
import { deriveImages } from "./image.ts";
import type { Derived, Kind } from "./resource.ts";
import { deriveRulesets } from "./ruleset.ts";
import { deriveSysctls } from "./sysctl.ts";

const DERIVERS: Readonly<Record<Kind, (snapshot: Snapshot) => Derived>> = {
  container: deriveExposedContainers,
  image: deriveImages,
  daemon: deriveDaemon,
  network: deriveExposedNetworks,
  port: deriveExposedPorts,
  ruleset: deriveRulesets,
  sysctl: deriveSysctls,
  host: deriveHost,
};

export function deriveFacts(snapshot: Snapshot, kinds: Iterable<Kind>): Partial<Record<Kind, Derived>> {
  return Object.fromEntries([...new Set(kinds)].map((kind) => [kind, DERIVERS[kind](snapshot)]));
}
