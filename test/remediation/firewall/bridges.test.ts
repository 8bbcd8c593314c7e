import { describe, expect, it } from "vitest";
import type { Network } from "../../../src/facts/model/network.ts";
import { listBridges } from "../../../src/remediation/firewall/bridges.ts";
import { snapshotOf } from "../../support/snapshot.ts";

function networkOf(bridge: string | null): Network {
  return {
    kind: "network", id: "n", name: "n", origins: {}, unknown: {}, driver: "bridge", scope: "local", internal: false, ipv6: false, icc: true,
    external: false, encrypted: false, gateways: [], defaultBridge: false, bridge, options: {}, project: null,
    members: [], projects: [], memberNames: [], anyPublishes: false, fronts: [], backs: [], outgoing: [],
  };
}
const links = (...names: string[]) => snapshotOf({ addresses: { links: names.map((ifname) => ({ ifname })), addresses: [], routes4: [], routes6: [], rules4: null, rules6: null } });
const words = (names: readonly { name: string; prefix: boolean }[]): string[] => names.map(({ name, prefix }) => name + (prefix ? "*" : ""));

describe("listBridges", () => {
  it("names docker0, br-* and bridges with names of their own, once", () => {
    const bridges = listBridges(["docker0", "br-0123456789ab", "own0", "dmz", "own0", null].map(networkOf), links("br-0123456789ab", "eth0"));
    expect(words(bridges.names)).toEqual(["docker0", "br-*", "dmz", "own0"]);
    expect(bridges.foreign).toEqual([]);
  });

  it("names bridges one by one where the host has an uplink called br-…", () => {
    const bridges = listBridges(["br-0123456789ab", "br-app"].map(networkOf), links("br-0123456789ab", "br-app", "br-ex"));
    expect(words(bridges.names)).toEqual(["docker0", "br-0123456789ab", "br-app"]);
    expect(bridges.foreign).toEqual(["br-ex"]);
  });

  it("names podman* where podman's bridges are, as long as no other interface is called so", () => {
    const own = ["podman0", "podman1"].map(networkOf);
    expect(words(listBridges(own, links("podman0", "podman1", "podman7", "eth0")).names)).toEqual(["docker0", "br-*", "podman*"]);
    const mixed = listBridges(own, links("podman0", "podman1", "podman-uplink"));
    expect([words(mixed.names), mixed.foreign]).toEqual([["docker0", "br-*", "podman0", "podman1"], ["podman-uplink"]]);
  });

  it.each(["+", "*", "a+", "!x", '"', "a b", "x;reboot", "-j", "$(id)", "a\nb", "ünï", "sixteen-letters-"])("takes no %j into a rule", (name) => {
    const bridges = listBridges([networkOf(name)], links());
    expect(words(bridges.names)).toEqual(["docker0", "br-*"]);
    expect(bridges.refused).toEqual([name]);
  });
});
