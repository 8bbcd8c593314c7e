/** Questions that are asked one after the other get the answers that each gets alone. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { readFirewall } from "../../../src/facts/firewall.ts";
import { flagBits, openSymbolic, otherMachines, parseAddress, partitionSources, type ManySources } from "../../../src/netfilter/index.ts";
import type { Snapshot } from "../../../src/snapshot/model.ts";

const { snapshot } = JSON.parse(gunzipSync(readFileSync(new URL("../../fixtures/exposure/25-no-icc.json.gz", import.meta.url))).toString()) as { snapshot: Snapshot };

it("a link-local source comes to this host, and is not handed on", () => {
  const firewall = readFirewall(snapshot);
  if (typeof firewall === "string") throw new Error(firewall);
  const { prepared, network } = firewall;
  const to = (text: string): ManySources => {
    const destination = parseAddress(text);
    if (destination === null) throw new Error(text);
    return { in: "eth0", family: 6, destination, protocol: 6, sourcePort: 40_000, destinationPort: 80, tcpFlags: flagBits.SYN, icmpType: null, icmpCode: null };
  };
  const [host, container] = [to("2001:db8::1"), to("2001:db8:30::2")];
  const space = otherMachines(6, []);
  const ask = (packets: readonly ManySources[]): unknown => {
    const symbolic = openSymbolic(prepared, { network, scenario: "within" });
    return packets.map((packet) => partitionSources(symbolic, packet, { space }).map(({ fate, sources }) => [fate.verdict, sources])).at(-1);
  };
  expect(ask([container])).toContainEqual(["reject", [0xfe80n << 112n, (0xfe80n << 112n) + (1n << 118n)]]);
  expect(ask([host, container])).toEqual(ask([container]));
  expect(ask([container, host])).toEqual(ask([host]));
});
