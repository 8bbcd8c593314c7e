/** Outputs of `ip -j` read from texts and from data, and what is none of them refused with its place. */
import { describe, expect, it } from "vitest";
import { parseAddress } from "../../../src/netfilter/addresses.ts";
import { NetworkError } from "../../../src/netfilter/network/errors.ts";
import type { NetworkState } from "../../../src/netfilter/network/model.ts";
import { joinNetwork, parseNetworkPart, readNetwork } from "../../../src/netfilter/network/parse/read.ts";
import { routePacket } from "../../../src/netfilter/network/route.ts";

const links = '[{"ifname":"lo","flags":["LOOPBACK","UP"]},{"ifname":"br0","flags":["UP"],"linkinfo":{"info_kind":"bridge","info_data":{"nf_call_iptables":1}}},{"ifname":"veth1","flags":["UP"],"master":"br0","linkinfo":{"info_kind":"veth"}}]';
const addresses = '[{"ifname":"br0","flags":["UP"],"addr_info":[{"family":"inet","local":"172.17.0.1","prefixlen":16,"scope":"global"},{"family":"inet6","local":"fe80::1","prefixlen":64,"scope":"link"}]}]';
const routes = '[{"dst":"default","gateway":"192.0.2.1","dev":"eth0","flags":[]},{"dst":"172.17.0.0/16","dev":"br0","flags":[]},{"type":"local","dst":"172.17.0.1","dev":"br0","table":"local","flags":[]},{"dst":"default","gateway":"fe80::9","dev":"eth0","flags":[],"pref":"medium"}]';

describe("parts of a network", () => {
  it("are told apart by their content, and a link list knows more than an address list", () => {
    const network = joinNetwork([addresses, links, routes, ""].map(parseNetworkPart), null);
    expect(network.links.map(({ name, kind, master, bridgeFilters }) => [name, kind, master, bridgeFilters[4]])).toEqual([
      ["br0", "bridge", null, true], ["lo", null, null, false], ["veth1", "veth", "br0", false],
    ]);
    expect(network.addresses.map(({ interface: name, length, narrow }) => [name, length, narrow])).toEqual([["br0", 16, false], ["br0", 64, true]]);
    expect(network.routes.map(({ family, type, table }) => [family, type, table])).toEqual([[4, "unicast", "main"], [4, "unicast", "main"], [4, "local", "local"], [6, "unicast", "main"]]);
  });

  it("hold a route once, though the list of all routes has the IPv6 ones too", () => {
    expect(joinNetwork([routes, routes].map(parseNetworkPart), null).routes).toHaveLength(4);
  });

  it("hold rules of both families", () => {
    const rules = '[{"priority":0,"src":"all","table":"local"},{"priority":9,"not":null,"src":"10.0.0.0","srclen":8,"fwmark":"0x1","fwmask":"0xf","ipproto":"tcp","table":"100"},{"priority":32767,"src":"all","table":"default"}]';
    const { rules: found } = joinNetwork([rules, '[{"priority":0,"src":"all","table":"local"}]'].map(parseNetworkPart), null);
    expect(found[4]?.[1]).toEqual({
      priority: 9, negated: true, source: { address: 0x0a000000n, length: 8 }, destination: null, inInterface: null, outInterface: null,
      mark: { value: 1, mask: 15 }, unmodelled: ["ipproto"], action: { kind: "table", table: "100", suppressLength: -1 },
    });
    expect(found[6]).toHaveLength(1);
  });
});

describe("what is no output of ip -j", () => {
  for (const [text, message, line, column] of [
    ["ip: command not found", "no JSON: invalid symbol", 1, 1],
    ['[{"dst":"default",\n "dev":]', "no JSON: value expected", 2, 8],
    ['{"dst":"default"}', "expected a list, as ip -j prints", 1, 1],
    ["[1]", "expected an object", 1, 2],
    ['[{"name":"eth0"}]', "no output of ip -j link, addr, route or rule", 1, 2],
    ['[{"dst":"10.0.0.0/24",\n"dev":"eth0"},\n{"dst":"10.0.0.0/33","dev":"eth0"}]', "dst has no such prefix length", 3, 8],
    ['[{"dst":"ten","dev":"eth0"}]', "dst is no network", 1, 9],
    ['[{"dst":"default"}]', "dev is missing", 1, 2],
    ['[{"dst":"default","type":"strange"}]', "unknown type of route strange", 1, 26],
    ['[{"ifname":"a","addr_info":[{"family":"inet","local":"10.0.0.1","prefixlen":"x"}]}]', "prefixlen is no whole number", 1, 77],
    ['[{"priority":1,"src":"all","action":"dance"}]', "unknown action dance", 1, 37],
  ] as const) {
    it(`is refused at its place: ${text.replace("\n", "⏎")}`, () => {
      expect(catchError(() => parseNetworkPart(text))).toMatchObject({ message, line, column });
    });
  }

  it("has a path where it came as data", () => {
    const answers = { links: [], addresses: [], routes4: [{ dst: "10.0.0.0/8" }], routes6: [], rules4: null, rules6: null };
    expect(catchError(() => readNetwork(answers, null))).toMatchObject({ path: ["routes4", 0], message: "dev is missing", line: null });
  });
});

describe("sysctls that decide", () => {
  const forward = { family: 4, source: parseAddress("203.0.113.5")?.value ?? 0n, destination: parseAddress("172.17.0.2")?.value ?? 0n, in: "eth0", mark: 0 } as const;
  const network = (sysctls: NetworkState["sysctls"]): NetworkState => joinNetwork(['[{"ifname":"eth0","flags":["UP"]}]', links, addresses, routes].map(parseNetworkPart), sysctls);

  it("are assumed to be a container host's where none were read at all", () => {
    expect(routePacket(network(null), forward)).toEqual({ kind: "forward", out: "br0", gateway: null });
  });

  it("leave the answer unknown where they were not read and matter", () => {
    expect(routePacket(network({ "net.ipv4.conf.all.forwarding": "1" }), forward).kind).toBe("unknown");
  });

  it("do not matter where every value leads to the same", () => {
    expect(routePacket(network({}), { ...forward, destination: 0n })).toEqual({ kind: "drop", reason: "martian destination", answer: null });
  });

  it("have the kernel's default where the folder was read and the key is not there", () => {
    expect(routePacket(network({ "net.ipv4.conf.all.forwarding": "1", "net.ipv4.conf.eth0.forwarding": "1" }), forward)).toEqual({ kind: "forward", out: "br0", gateway: null });
  });
});

it("a packet from a port of a bridge comes by the bridge, and of an interface that is gone nothing is known", () => {
  const network = joinNetwork([links, addresses, routes].map(parseNetworkPart), null);
  const packet = { family: 4, source: parseAddress("172.17.0.2")?.value ?? 0n, destination: parseAddress("172.17.0.1")?.value ?? 0n, in: "veth1", mark: 0 } as const;
  expect(routePacket(network, packet)).toEqual({ kind: "local", type: "unicast" });
  expect(routePacket(network, { ...packet, in: "gone0" })).toEqual({ kind: "unknown", reason: "there is no interface gone0" });
});

function catchError(action: () => unknown): NetworkError | null {
  try {
    action();
  } catch (error) {
    if (error instanceof NetworkError) return error;
    throw error;
  }
  return null;
}
