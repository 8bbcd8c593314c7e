/** Resources of every kind from a snapshot; only the kinds that are asked for are derived. */
import type { Snapshot } from "../snapshot/model.ts";
import { deriveDaemon } from "./daemon.ts";
import { deriveExposedContainers } from "./exposure/containers.ts";
import { deriveExposedNetworks } from "./exposure/networks.ts";
import { deriveExposedPorts } from "./exposure/ports.ts";
import { deriveHost } from "./host.ts";
import { deriveImages } from "./image.ts";
import { type Derived, type Kind, KINDS } from "./resource.ts";
import { deriveRulesets } from "./ruleset.ts";
import { deriveSysctls } from "./sysctl.ts";
import { type Tell, TELL_NOBODY } from "./tell.ts";

const DERIVERS: Readonly<Record<Kind, (snapshot: Snapshot, tell: Tell) => Derived>> = {
  container: deriveExposedContainers,
  image: deriveImages,
  daemon: deriveDaemon,
  network: deriveExposedNetworks,
  port: deriveExposedPorts,
  ruleset: deriveRulesets,
  sysctl: deriveSysctls,
  host: deriveHost,
};

/** `tell` hears of what takes long. */
export function deriveFacts(snapshot: Snapshot, kinds: Iterable<Kind>, tell: Tell = TELL_NOBODY): Partial<Record<Kind, Derived>> {
  const asked = new Set(kinds);
  // In this order: what is told of is asked for its own sake, before what else needs it.
  return Object.fromEntries(KINDS.filter((kind) => asked.has(kind)).map((kind) => [kind, DERIVERS[kind](snapshot, tell)]));
}
