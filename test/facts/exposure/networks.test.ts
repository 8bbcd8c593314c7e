/** Whose packets get out to other machines, network by network. */
import { describe, expect, it } from "vitest";
import { deriveExposedNetworks } from "../../../src/facts/exposure/networks.ts";
import type { Snapshot } from "../../../src/snapshot/model.ts";
import { bigHost } from "../../support/big-host.ts";
import { containerOf } from "../../support/snapshot.ts";

const HOST = { Name: "host", Id: "f".repeat(64), Driver: "host" };
const ANY_PORT = "tcp from 172.16.0.2 to 192.0.2.2, ports 1-65535";

/** One running container on net-000, on a host with eth0; rules stand in DOCKER-USER and OUTPUT. */
function hostWith({ user = [], output = [] }: { user?: readonly string[]; output?: readonly string[] } = {}): Snapshot {
  const rules = [...user.map((rule) => `-A DOCKER-USER ${rule}`), "-A FORWARD -j DOCKER-USER"].join("\n");
  const chain = [":OUTPUT ACCEPT [0:0]", ":INPUT ACCEPT [0:0]"].join("\n");
  const ofHost = output.map((rule) => `-A OUTPUT ${rule}\n`).join("");
  return edit(bigHost(1, 1), (text) => text.replace(":INPUT ACCEPT [0:0]", chain).replace("-A FORWARD -j DOCKER-USER", `${ofHost}${rules}`));
}

function edit(snapshot: Snapshot, change: (rules: string) => string): Snapshot {
  const { iptables } = snapshot.sources;
  const dumps = (iptables.data?.dumps ?? []).map((dump) => ({ ...dump, text: change(dump.text ?? "") }));
  return { ...snapshot, sources: { ...snapshot.sources, iptables: { ...iptables, data: { dumps } } } };
}

/** Further networks, and running containers that say themselves where they are. */
function add(snapshot: Snapshot, networks: readonly Record<string, unknown>[], containers: Readonly<Record<string, object>>): Snapshot {
  const { sources } = snapshot;
  const added = Object.entries(containers).map(([name, changes]) => containerOf(name, { State: { Status: "running", Running: true }, ...changes }));
  return {
    ...snapshot,
    sources: {
      ...sources, networks: { ...sources.networks, data: [...(sources.networks.data ?? []), ...networks] },
      containers: { ...sources.containers, data: [...(sources.containers.data ?? []), ...added] },
    },
  };
}

function on({ Name, Id }: { Name: string; Id: string }): object {
  return { HostConfig: { NetworkMode: Name }, NetworkSettings: { Networks: { [Name]: { NetworkID: Id } } } };
}

function waysOut(snapshot: Snapshot, name = "net-000"): unknown[] {
  const network = deriveExposedNetworks(snapshot).resources.find((one) => one.name === name);
  if (network === undefined) throw new Error(`there is no network ${name}`);
  return [network.outgoing.map(({ container, witness }) => `${container}: ${witness}`), network.unknown];
}

describe("of a bridge", () => {
  it("are those that rules and routes let out, with those in their network namespace", () => {
    expect(waysOut(hostWith())).toEqual([[`app-0000: ${ANY_PORT}`], {}]);
    expect(waysOut(hostWith({ user: ["-o eth0 -j DROP"] }))).toEqual([[], {}]);
    const joined = add(hostWith(), [], { side: { HostConfig: { NetworkMode: "container:app-0000" } } });
    expect(waysOut(joined)).toEqual([[`app-0000: ${ANY_PORT}`, `side: ${ANY_PORT}`], {}]);
  });

  it("is not known where a rule leaves it to chance, or is not understood", () => {
    const chance = "-o eth0 -m statistic --mode random --probability 0.5 -j DROP";
    expect(waysOut(hostWith({ user: [chance] }))).toEqual([[], { "/outgoing/-": `iptables-nft-save line 20: -A DOCKER-USER ${chance}` }]);
    const country = "-o eth0 -m geoip --destination-country XX -j DROP";
    expect(waysOut(hostWith({ user: [country] }))).toEqual([[], { "/outgoing/-": `iptables-nft-save line 20: -A DOCKER-USER ${country}` }]);
  });

  it("is not known where no interface is seen to lead outside", () => {
    const snapshot = hostWith();
    const { addresses } = snapshot.sources;
    if (addresses.data === null) throw new Error("a big host has addresses");
    const isInside = (entry: unknown): boolean => !JSON.stringify(entry).includes("eth0");
    const { links, addresses: own, routes4 } = addresses.data;
    const data = { ...addresses.data, links: links.filter(isInside), addresses: own.filter(isInside), routes4: routes4.filter(isInside) };
    expect(waysOut({ ...snapshot, sources: { ...snapshot.sources, addresses: { ...addresses, data } } })).toEqual([[], { "/outgoing/-": "no interface of this host is seen to lead to other machines" }]);
  });
});

describe("of the host's network", () => {
  const onHost = (output: readonly string[]): unknown[] => waysOut(add(hostWith({ output }), [HOST], { metrics: on(HOST), idle: { ...on(HOST), State: { Status: "exited", Running: false } } }), "host");

  it("are the host's own, for those that run", () => {
    expect(onHost([])).toEqual([["metrics: tcp from 192.0.2.1 to 192.0.2.2, ports 1-65535"], {}]);
    expect(onHost(["-p tcp -m tcp --dport 443 -j ACCEPT", "-o eth0 -j REJECT"])).toEqual([["metrics: tcp from 192.0.2.1 to 192.0.2.2, ports 443"], {}]);
    expect(onHost(["-o eth0 -j DROP"])).toEqual([[], {}]);
  });

  it("hang on the user that a rule asks for", () => {
    const rule = "-o eth0 -m owner ! --uid-owner 0 -j DROP";
    expect(onHost([rule])).toEqual([[], { "/outgoing/-": `iptables-nft-save line 20: -A OUTPUT ${rule}` }]);
  });
});

describe("of other drivers", () => {
  it.each(["macvlan", "overlay", "weave"])("is not known: %s", (driver) => {
    const network = { Name: "other", Id: "e".repeat(64), Driver: driver };
    expect(waysOut(add(hostWith(), [network], { web: on(network) }), "other")).toEqual([[], { "/outgoing": `packets of driver ${driver} do not pass this host's rules as those of a bridge do, or are not known to` }]);
  });

  it("is none of the network that is none", () => {
    const none = { Name: "none", Id: "d".repeat(64), Driver: "null" };
    expect(waysOut(add(hostWith(), [none], { alone: on(none) }), "none")).toEqual([[], {}]);
  });
});
