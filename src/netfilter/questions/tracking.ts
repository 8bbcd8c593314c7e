/** Whether the kernel tracks connections. */
import type { Firewall } from "../firewall/model.ts";
import { fieldTestsOf } from "./tests-of.ts";

/**
 * Its hooks of a family are there as soon as one rule asks for a connection or one chain translates (nf_ct_netns_get). An `inet` table counts for both families.
 */
export function tracksConnections({ tables }: Firewall, family: 4 | 6): boolean {
  return tables.filter((table) => table.family === "inet" || table.family === (family === 4 ? "ip" : "ip6")).some(({ chains }) =>
    [...chains.values()].some(({ base, rules }) => base?.type === "nat" || rules.some((rule) => [...fieldTestsOf(rule)].some(({ field }) => /^(connection|original|reply)/.test(field)))));
}
