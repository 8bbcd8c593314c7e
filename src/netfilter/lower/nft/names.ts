/** The words that nft prints for numbers: nft(8), "DATA TYPES", and its src/proto.c, src/ct.c and src/meta.c. */
import { flagBits, stateBits, statusBits } from "../../firewall/tests.ts";
import { protocolNumber } from "../../parse/names.ts";

export type Names = (name: string) => number | null;

export const noNames: Names = () => null;
export const protocolNames: Names = protocolNumber;
export const flagNames: Names = lookUp(lowerCase(flagBits));
export const stateNames: Names = lookUp(lowerCase(stateBits));
export const statusNames: Names = lookUp({ ...lowerCase(statusBits), "seen-reply": statusBits.SEEN_REPLY, dying: 512 });
export const directionNames: Names = lookUp({ original: 0, reply: 1 });
export const familyNames: Names = lookUp({ ipv4: 4, ipv6: 6 });
/** Of EtherTypes only those of IP are families here. */
export const etherNames: Names = lookUp({ ip: 4, ip6: 6 });
export const packetTypeNames: Names = lookUp({ host: 0, unicast: 0, broadcast: 1, multicast: 2, other: 3 });

export const icmpTypeNames: Names = lookUp({
  "echo-reply": 0, "destination-unreachable": 3, "source-quench": 4, redirect: 5, "echo-request": 8, "router-advertisement": 9,
  "router-solicitation": 10, "time-exceeded": 11, "parameter-problem": 12, "timestamp-request": 13, "timestamp-reply": 14,
  "info-request": 15, "info-reply": 16, "address-mask-request": 17, "address-mask-reply": 18,
});
export const icmpCodeNames: Names = lookUp({
  "net-unreachable": 0, "host-unreachable": 1, "prot-unreachable": 2, "port-unreachable": 3, "frag-needed": 4, "net-prohibited": 9,
  "host-prohibited": 10, "admin-prohibited": 13,
});
export const icmp6TypeNames: Names = lookUp({
  "destination-unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "parameter-problem": 4, "echo-request": 128, "echo-reply": 129,
  "mld-listener-query": 130, "mld-listener-report": 131, "mld-listener-done": 132, "mld-listener-reduction": 132, "nd-router-solicit": 133,
  "nd-router-advert": 134, "nd-neighbor-solicit": 135, "nd-neighbor-advert": 136, "nd-redirect": 137, "router-renumbering": 138,
  "ind-neighbor-solicit": 141, "ind-neighbor-advert": 142, "mld2-listener-report": 143,
});
export const icmp6CodeNames: Names = lookUp({
  "no-route": 0, "admin-prohibited": 1, "addr-unreachable": 3, "port-unreachable": 4, "policy-fail": 5, "reject-route": 6,
});

function lookUp(numbers: Readonly<Record<string, number>>): Names {
  const known = new Map(Object.entries(numbers));
  return (name) => known.get(name) ?? null;
}

function lowerCase(numbers: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name.toLowerCase(), number]));
}
