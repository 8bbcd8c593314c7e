/** The table of reachability on the recorded demo host, and its bounds. What it says of real connections is in test/exposure. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deriveReachability } from "../../src/facts/reachability.ts";
import { deriveTopology } from "../../src/facts/topology.ts";
import type { Reach } from "../../src/facts/model/topology.ts";
import type { Snapshot } from "../../src/snapshot/model.ts";
import { bigHost } from "../support/big-host.ts";
import { snapshotOf } from "../support/snapshot.ts";

const demo = JSON.parse(readFileSync(new URL("../fixtures/snapshots/demo-host.json", import.meta.url), "utf8")) as Snapshot;

describe("the table of a host", () => {
  it("has a row for each published port, network, the host and the outside", () => {
    expect(deriveReachability(demo)?.table.filter(({ family }) => family === "v4").map(sayRow)).toEqual([
      "outside to v4 0.0.0.0:443/tcp → proxy:443: reachable 443",
      "outside to v4 0.0.0.0:5432/tcp → db:5432: reachable 5432",
      "outside to v4 0.0.0.0:80/tcp → proxy:80: reachable 80",
      "outside to v4 127.0.0.1:9000/tcp → dashboard:9000: closed ",
      "outside to host: reachable 1-79,81-442,444-5431,5433-65535",
      "bridge to host: reachable 1-79,81-442,444-5431,5433-65535",
      "bridge to outside: reachable 1-65535",
      "shop_back to host: reachable 1-79,81-442,444-65535",
      "shop_back to outside: reachable 1-65535",
      "shop_front to host: reachable 1-5431,5433-65535",
      "shop_front to outside: reachable 1-65535",
      "bridge to published: reachable 80,443,5432",
      "shop_back to published: reachable 80,443,5432",
      "shop_front to published: reachable 80,443,5432",
      "outside to bridge: closed ",
      "outside to shop_back: closed ",
      "outside to shop_front: closed ",
      "bridge to shop_back: closed ",
      "bridge to shop_front: closed ",
      "shop_back to bridge: closed ",
      "shop_back to shop_back: reachable 1-65535",
      "shop_back to shop_front: closed ",
      "shop_front to bridge: closed ",
      "shop_front to shop_back: closed ",
      "shop_front to shop_front: reachable 1-65535",
    ]);
  });

  it("names the rule that decides", () => {
    const row = deriveReachability(demo)?.table.find(({ from, to }) => from.kind === "network" && from.name === "bridge" && to.kind === "network" && to.name === "shop_back");
    expect(row?.why).toMatch(/^iptables-nft-save line 8: -A PREROUTING -d 172\.19\.0\.3\/32 ! -i br-[0-9a-f]{12} -j DROP$/);
  });

  it("calls limited what comes only from some sources, or only so often, and unknown what hangs on a rule that is not understood", () => {
    const user = (rule: string): string | undefined => stateOf(withRule(bigHost(2, 1), rule));
    expect(user("-i eth0 -s 203.0.113.0/24 -j RETURN\n-A DOCKER-USER -i eth0 -j DROP")).toBe("limited");
    expect(user("-i eth0 -p tcp --syn -m hashlimit --hashlimit-above 10/sec --hashlimit-mode srcip --hashlimit-name a -j DROP")).toBe("limited");
    expect(user("-i eth0 -m geoip --source-country XX -j DROP")).toBe("unknown");
    expect(user("-i eth0 -j DROP")).toBe("closed");
    expect(user("-i eth0 -j RETURN")).toBe("reachable");
  });

  it("by several interfaces the most open one counts", () => {
    const user = (rule: string): unknown => {
      const snapshot = withRule(withSecondInterface(bigHost(2, 1)), `-j RETURN\n-A ${rule}`);
      return deriveReachability(snapshot)?.table.filter(({ from, to }) => from.kind === "outside" && to.kind === "host").map(({ state }) => state);
    };
    expect(user("INPUT -i eth0 -j DROP")).toEqual(["reachable"]);
    expect(user("INPUT -i eth1 -j DROP")).toEqual(["reachable"]);
    expect(user("INPUT -j DROP")).toEqual(["closed"]);
  });

  it("says how many ways were left out, and answers the others", () => {
    const all = deriveReachability(bigHost(30, 10));
    const some = deriveReachability(bigHost(30, 10), 20_000);
    expect([all?.table.length, all?.omitted]).toEqual([10 + 1 + 10 + 10 + 10 + 10 + 100, 0]);
    expect(some?.omitted).toBe((all?.table.length ?? 0) - (some?.table.length ?? 0));
    expect(all?.table).toEqual(expect.arrayContaining(some?.table ?? []));
  });

  it("is not there where rules were not read", () => {
    expect(deriveReachability(snapshotOf({ iptables: { status: "denied", detail: "needs root", data: null }, nftables: { status: "denied", detail: "needs root", data: null } }))).toBe(null);
  });
});

describe("the topology of a host", () => {
  it("has its containers where they are", () => {
    const topology = deriveTopology(demo);
    expect(topology?.outsides.map(({ interface: name, address }) => `${name} ${address}`)).toEqual(["eth0 192.0.2.1", "eth0 2001:db8::1"]);
    expect(topology?.networks.map(({ name, containers }) => `${name}: ${containers.join(" ")}`)).toEqual(["bridge: dashboard runner", "host: metrics", "none: backup", "shop_back: shop/cache shop/db shop/web", "shop_front: shop/proxy shop/web"]);
    expect(topology?.containers.filter(({ hostNetwork }) => hostNetwork).map(({ id }) => id)).toEqual(["metrics"]);
    expect(topology?.ports.length).toBe(7);
  });

  it("is not there without an engine", () => {
    const absent = { status: "absent" as const, detail: "no engine", data: null };
    expect(deriveTopology(snapshotOf({ engine: absent, containers: absent, networks: absent }))).toBe(null);
  });
});

function sayRow({ from, to, state, ports }: Reach): string {
  return `${nameOf(from)} to ${nameOf(to)}: ${state} ${ports.join()}`;
}

function nameOf(place: Reach["to"]): string {
  return "name" in place ? place.name : place.kind;
}

function withRule(snapshot: Snapshot, rule: string): Snapshot {
  return JSON.parse(JSON.stringify(snapshot).replace("-A FORWARD -j DOCKER-USER", `-A DOCKER-USER ${rule}\n-A FORWARD -j DOCKER-USER`.replaceAll("\n", "\\n"))) as Snapshot;
}

function withSecondInterface(snapshot: Snapshot): Snapshot {
  const { addresses: { data }, sysctl } = snapshot.sources;
  if (data === null || sysctl.data === null) throw new Error("a big host has addresses");
  const addresses = {
    ...data, links: [...data.links, { ifname: "eth1", ifindex: 99, flags: ["UP"] }],
    addresses: [...data.addresses, { ifname: "eth1", flags: ["UP"], addr_info: [{ family: "inet", local: "198.51.100.1", prefixlen: 24, scope: "global" }] }],
    routes4: [...data.routes4, { dst: "198.51.100.0/24", dev: "eth1", flags: [] }, { type: "local", dst: "198.51.100.1", dev: "eth1", table: "local", flags: [] }],
  };
  const switches = Object.fromEntries(["all", "default", "eth0", "eth1"].flatMap((name) => [[`net.ipv4.conf.${name}.forwarding`, "1"], [`net.ipv4.conf.${name}.rp_filter`, "0"]]));
  const host = { ...sysctl.data.host, ...switches };
  return { ...snapshot, sources: { ...snapshot.sources, addresses: { ...snapshot.sources.addresses, data: addresses }, sysctl: { ...sysctl, data: { ...sysctl.data, host } } } };
}

function stateOf(snapshot: Snapshot): string | undefined {
  return deriveReachability(snapshot)?.table.find(({ to }) => to.kind === "port")?.state;
}
