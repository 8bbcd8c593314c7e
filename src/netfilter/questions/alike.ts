/** Addresses that no rule and no route tells from each other. */
import type { Address } from "../addresses.ts";
import type { Firewall } from "../firewall/model.ts";
import type { AddressField } from "../firewall/tests.ts";
import { countUpTo, type Intervals } from "../sets/intervals.ts";
import type { HostNetwork } from "../walk/network.ts";
import { addressSet } from "./space.ts";
import { listFieldTests } from "./tests-of.ts";

type End = "source" | "destination";

/** Addresses that fare alike: one that speaks for all, and all. */
export interface AlikeGroup {
  readonly first: Address;
  readonly set: Intervals<bigint>;
}

/** Groups that fare alike as that end of a packet, in the order of their first; the addresses are of one family. */
export function groupAlike(firewall: Firewall, network: HostNetwork, addresses: readonly Address[], end: End): AlikeGroup[] {
  const [first] = addresses;
  if (first === undefined) return [];
  const bounds = boundsOf(firewall, network, first.family, end);
  const groups = Map.groupBy(addresses, ({ value }) => countUpTo(bounds, value));
  return [...groups.values()].flatMap((alike) => alike.slice(0, 1).map((one) => ({ first: one, set: addressSet(alike) })));
}

/** What a packet's end is compared with: the other end of its replies too. */
const FIELDS: Readonly<Record<End, readonly AddressField[]>> = { source: ["source", "originalSource", "replyDestination"], destination: ["destination", "originalDestination", "replySource"] };

const found = new WeakMap<Firewall, Map<string, readonly bigint[]>>();

/** Where an answer can change along the addresses, rising. A rule set is asked about one network. */
function boundsOf(firewall: Firewall, network: HostNetwork, family: 4 | 6, end: End): readonly bigint[] {
  const known = found.get(firewall) ?? new Map<string, readonly bigint[]>();
  found.set(firewall, known);
  const key = `${String(family)} ${end}`;
  const bounds = known.get(key) ?? findBounds(firewall, network, family, end);
  known.set(key, bounds);
  return bounds;
}

function findBounds(firewall: Firewall, network: HostNetwork, family: 4 | 6, end: End): readonly bigint[] {
  const bounds = new Set(network.sourceCuts(family).bounds);
  for (const test of listFieldTests(firewall)) {
    if (test.kind === "address" && test.family === family && FIELDS[end].includes(test.field)) for (const bound of test.set) bounds.add(bound);
  }
  return [...bounds].sort((a, b) => (a < b ? -1 : Number(a > b)));
}
