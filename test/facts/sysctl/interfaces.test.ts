/** Settings of interfaces: what is in effect, by the rules of the kernel's documentation (ip-sysctl.rst). */
import { describe, expect, it } from "vitest";
import { deriveSysctls } from "../../../src/facts/sysctl.ts";
import type { Sysctl } from "../../../src/facts/model/sysctl.ts";
import { snapshotOf } from "../../support/snapshot.ts";

const LINKS = [
  { ifname: "lo", flags: ["LOOPBACK", "UP"] },
  { ifname: "eth0", flags: ["UP"] },
  { ifname: "eth9", flags: [] },
  { ifname: "docker0", flags: ["UP"] },
  { ifname: "veth1", flags: ["UP"], master: "docker0" },
];
const BRIDGE = { Name: "bridge", Id: "0123456789abcdef", Driver: "bridge", Options: { "com.docker.network.bridge.name": "docker0", "com.docker.network.bridge.default_bridge": "true" } };

/** Values by interface of one leaf; whatever is not said of `forwarding` is 1. */
function effectOf(family: string, leaf: string, values: Readonly<Record<string, number>>, changes: { forwarding?: number; links?: unknown[] | null; daemon?: object } = {}): Sysctl {
  const key = (name: string, what: string): string => `net.${family}.conf.${name}.${what}`;
  const names = ["all", "default", "lo", "eth0", "docker0", "veth1"];
  const host = Object.fromEntries([
    ...names.map((name) => [key(name, "forwarding"), String(changes.forwarding ?? 1)]),
    ...Object.entries(values).map(([name, value]) => [key(name, leaf), String(value)]),
  ] as [string, string][]);
  const links = changes.links === null ? null : ((changes.links ?? LINKS) as Record<string, unknown>[]);
  const { resources } = deriveSysctls(snapshotOf({
    sysctl: { host, netError: null, namespaces: [], asked: [key("*", leaf), key("*", "forwarding")] },
    networks: [BRIDGE],
    addresses: links === null ? { status: "failed", detail: "ip link: no", data: null } : { links, addresses: [], routes4: [], routes6: [], rules4: null, rules6: null },
  }));
  const found = resources.filter(({ name }) => name.endsWith(`.${leaf}`));
  expect(found.map(({ name }) => name)).toEqual([key("all", leaf)]);
  return found[0] as Sysctl;
}

describe("in effect is", () => {
  it.each([
    ["the greater of all and the interface's, of interfaces that lead outside", "ipv4", "rp_filter", { all: 2, default: 0, lo: 0, eth0: 1, docker0: 0, veth1: 0 }, [2, ["eth0"], 2, ["eth0"]]],
    ["the interface's where all has none", "ipv4", "rp_filter", { all: 0, default: 1, lo: 0, eth0: 0, docker0: 1, veth1: 1 }, [0, ["eth0"], 0, ["eth0"]]],
    ["both of all and the interface's, for redirects of a router", "ipv4", "accept_redirects", { all: 0, default: 1, lo: 1, eth0: 1, docker0: 1, veth1: 1 }, [0, ["eth0", "docker0", "default"], 0, ["eth0", "docker0", "default"]]],
    ["either, for what is sent", "ipv4", "send_redirects", { all: 0, default: 0, lo: 1, eth0: 1, docker0: 0, veth1: 1 }, [0, ["docker0", "default"], 1, ["eth0"]]],
    ["either, and all alone is enough", "ipv4", "send_redirects", { all: 1, default: 0, lo: 0, eth0: 0, docker0: 0, veth1: 0 }, [1, ["eth0", "docker0", "default"], 1, ["eth0", "docker0", "default"]]],
    ["both, for source routes", "ipv4", "accept_source_route", { all: 1, default: 0, lo: 0, eth0: 1, docker0: 0, veth1: 0 }, [0, ["docker0", "default"], 1, ["eth0"]]],
    ["the smaller, for routing headers of IPv6", "ipv6", "accept_source_route", { all: 0, default: -1, lo: 0, eth0: 1, docker0: -1, veth1: 0 }, [-1, ["docker0", "default"], 0, ["eth0"]]],
    ["nothing, for redirects of IPv6 where it is forwarded", "ipv6", "accept_redirects", { all: 1, default: 1, lo: 1, eth0: 1, docker0: 1, veth1: 1 }, [0, ["eth0", "docker0", "default"], 0, ["eth0", "docker0", "default"]]],
    ["2 alone, for advertisements to a router", "ipv6", "accept_ra", { all: 1, default: 2, lo: 1, eth0: 1, docker0: 2, veth1: 2 }, [0, ["eth0"], 0, ["eth0"]]],
  ] as const)("%s", (_, family, leaf, values, expected) => {
    const { lowest, lowestOn, highest, highestOn } = effectOf(family, leaf, values);
    expect([lowest, lowestOn, highest, highestOn]).toEqual(expected);
  });

  it("either of all and the interface's, for redirects of a host that does not forward", () => {
    expect(effectOf("ipv4", "accept_redirects", { all: 0, default: 0, eth0: 1, docker0: 0 }, { forwarding: 0 })).toMatchObject({ highest: 1, highestOn: ["eth0"] });
  });

  it("nothing for advertisements where no interface forwards", () => {
    expect(effectOf("ipv6", "accept_ra", { all: 1, default: 1, eth0: 2 }, { forwarding: 0 })).toMatchObject({ lowest: null, highest: null, unknown: {} });
  });

  it("not known where the interfaces are not, or one was not read", () => {
    expect(effectOf("ipv4", "send_redirects", { all: 0, default: 0, eth0: 1 }, { links: null }).unknown["/highest"]).toBe("the interfaces were not read: ip link: no");
  });

  it("left out for an interface that does without the protocol", () => {
    expect(effectOf("ipv6", "accept_redirects", { all: 1, default: 0, eth0: 1 }, { forwarding: 0 })).toMatchObject({ highest: 1, highestOn: ["eth0"], lowestOn: ["default"] });
  });
});
