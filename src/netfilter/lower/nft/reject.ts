/** reject: the error that the sender gets. */
import type { Test } from "../../firewall/tests.ts";
import type { NftStatement } from "../../nft/statements.ts";
import { numberIn } from "../tests.ts";
import type { LoweredMap } from "./maps.ts";

/** A reset answers TCP only; an ICMP error of one family only packets of that family (nft adds these tests, and leaves them out of its lists). */
export function lowerReject({ type, code }: Extract<NftStatement, { kind: "reject" }>): LoweredMap {
  if (code === null) return { implied: [numberIn("protocol", [6, 7])], act: { kind: "reject", with: "tcp-reset" } };
  const [v4, v6] = type === "icmpx" ? (CODES[code] ?? [code, code]) : [code, code];
  if (type === "icmp") return { implied: [isV4], act: { kind: "reject", with: v4 } };
  if (type === "icmpv6") return { implied: [isV6], act: { kind: "reject", with: v6 } };
  if (v4 === v6) return { implied: [], act: { kind: "reject", with: code } };
  return { implied: [], act: { kind: "map", entries: [{ when: [isV4], act: { kind: "reject", with: v4 } }, { when: [], act: { kind: "reject", with: v6 } }] } };
}

const isV4: Test = numberIn("family", [4, 5]);
const isV6: Test = numberIn("family", [6, 7]);

/** What icmpx stands for in IPv4 and in IPv6 (icmp_code_v4 and icmp_code_v6 of net/netfilter/nft_reject.c). */
const CODES: Readonly<Record<string, readonly [string, string]>> = {
  "no-route": ["net-unreachable", "no-route"],
  "host-unreachable": ["host-unreachable", "addr-unreachable"],
};
