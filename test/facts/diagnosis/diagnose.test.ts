/** Layers that no test host can break, and what was not seen. Broken hosts are in e2e/diagnose.test.ts. */
import { describe, expect, it } from "vitest";
import { diagnose, type Diagnosis } from "../../../src/facts/diagnosis/diagnose.ts";
import type { Ways } from "../../../src/facts/diagnosis/ways.ts";
import type { Inside } from "../../../src/snapshot/inside.ts";
import type { Answer, Snapshot } from "../../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../../support/snapshot.ts";

const WEB = containerOf("web", {
  State: { Status: "running" },
  HostConfig: { NetworkMode: "app", PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } },
  NetworkSettings: { Ports: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "8080" }] }, Networks: { app: { IPAddress: "172.18.0.2" } } },
});

const INSIDE: Inside = {
  network: {
    links: [{ ifname: "lo", ifindex: 1, flags: ["LOOPBACK", "UP"] }, { ifname: "eth0", ifindex: 2, link_index: 7, flags: ["UP"], linkinfo: { info_kind: "veth" } }],
    addresses: [{ ifname: "eth0", addr_info: [{ family: "inet", local: "172.18.0.2", scope: "global" }] }],
    routes4: [{ dst: "default", gateway: "172.18.0.1", dev: "eth0" }],
    routes6: [],
    rules4: null, rules6: null,
  },
  listeners: [{ protocol: "tcp", address: "0.0.0.0", port: 80 }],
};

const ADDRESSES = {
  links: [
    { ifname: "br-app", ifindex: 6, flags: ["UP"], linkinfo: { info_kind: "bridge" } },
    { ifname: "veth7", ifindex: 7, link_index: 2, flags: ["UP"], master: "br-app", linkinfo: { info_kind: "veth", info_slave_data: { state: "forwarding" } } },
  ],
  addresses: [{ ifname: "br-app", addr_info: [{ family: "inet", local: "172.18.0.1", scope: "global" }] }],
  routes4: [], routes6: [], rules4: null, rules6: null,
};

const EVERYONE = { from: "any source", visitor: "192.0.2.2", byRouting: false };
const ACCEPTED: Ways = {
  fromOutside: () => [{ ...EVERYONE, verdict: "accept", to: { address: "172.18.0.2", port: 80 }, delivered: "forward", because: null, remedy: null }],
  fromContainer: () => ({ verdict: "accept", to: null, delivered: "forward", because: null, remedy: null }),
  visitedAddress: (family) => (family === 4 ? "192.0.2.1" : null),
};

function snapshot(conntrack: { count: string; max: string } | null = { count: "10", max: "1000" }, changes: Parameters<typeof snapshotOf>[0] = {}): Snapshot {
  const host: Record<string, string> = { "net.ipv4.ip_forward": "1" };
  if (conntrack !== null) Object.assign(host, { "net.netfilter.nf_conntrack_count": conntrack.count, "net.netfilter.nf_conntrack_max": conntrack.max });
  const resolvConf = { path: "/run/resolv.conf", text: "nameserver 198.51.100.53\n", error: null };
  return snapshotOf({
    containers: [WEB], addresses: ADDRESSES, sysctl: { host, netError: null, namespaces: [], asked: [] },
    resolvers: { host: [], containers: [{ containerId: WEB.id, resolvConf, hosts: { path: "/run/hosts", text: "", error: null } }] }, ...changes,
  });
}

function find(changes: { snapshot?: Snapshot; inside?: Answer<Inside>; ways?: Ways | string; container?: typeof WEB } = {}): Diagnosis {
  const { container = WEB } = changes;
  const inside: Answer<Inside> = { status: "ok", detail: null, data: INSIDE };
  return diagnose({ snapshot: snapshot(), container, owner: container, inside, ways: ACCEPTED, ...changes });
}

const told = ({ findings }: Diagnosis, status: string): string[] => findings.filter((finding) => finding.status === status).map(({ layer, text }) => `${layer}: ${text}`);

describe("diagnose", () => {
  it("finds nothing wrong with what is sound", () => {
    expect([find().outcome, told(find(), "fault"), told(find(), "unknown")]).toEqual(["none", [], []]);
  });

  it("names a full table of connections", () => {
    const found = find({ snapshot: snapshot({ count: "990", max: "1000" }) });
    expect(told(found, "fault")).toEqual(["conntrack: the table of tracked connections is full (990 of 1000 entries), so that new ones are dropped"]);
    expect(found.cause?.fix).toBe("sysctl -w net.netfilter.nf_conntrack_max=524288");
  });

  it("takes the lowest of several faults for the cause", () => {
    const down = { ...ADDRESSES, links: ADDRESSES.links.map((link) => (link.ifname === "br-app" ? { ...link, flags: [] } : link)) };
    const found = find({ snapshot: snapshot({ count: "990", max: "1000" }, { addresses: down }) });
    expect([found.cause?.text, told(found, "fault").length]).toEqual(["the bridge br-app is down", 2]);
  });

  it("is not sure where something was not seen", () => {
    const found = find({ ways: "the rules were not read: needs root" });
    expect([found.outcome, told(found, "unknown")]).toEqual([
      "undetermined",
      [
        "ports: what becomes of packets to 0.0.0.0:8080/tcp is not known: the rules were not read: needs root",
        "names: whether questions get to 198.51.100.53 is not known: the rules were not read: needs root",
      ],
    ]);
    expect(told(find({ inside: { status: "denied", detail: "needs root", data: null } }), "unknown")[0]).toBe("link: the container's network namespace was not read: needs root");
  });

  it("looks no further where the container does not run", () => {
    const stopped = containerOf("web", { State: { Status: "exited" } });
    const found = find({ container: stopped });
    expect(found.findings).toEqual([{ layer: "container", status: "fault", text: "the container does not run: it is exited", fix: "docker start web   # and why it ended: docker logs --tail 50 web" }]);
  });

  it("does not take a translation to another container for its own", () => {
    const other: Ways = { ...ACCEPTED, fromOutside: () => [{ ...EVERYONE, verdict: "accept", to: { address: "172.18.0.9", port: 80 }, delivered: "forward", because: null, remedy: null }] };
    expect(told(find({ ways: other }), "fault")).toEqual(["ports: a visitor's packet to 192.0.2.1:8080/tcp is translated to 172.18.0.9:80, which is not this container's port 80"]);
  });

  it("says from where a port is reached and from where not", () => {
    const allowed = { from: "10.0.0.0/8", visitor: "10.0.0.1", byRouting: false, verdict: "accept", to: { address: "172.18.0.2", port: 80 }, delivered: "forward", because: null, remedy: null } as const;
    const others = { from: "any source but 10.0.0.0/8", visitor: "192.0.2.2", byRouting: false, verdict: "drop", to: null, delivered: null, because: "iptables-nft-save line 9: -A DOCKER-USER -j DROP", remedy: null } as const;
    const ways: Ways = { ...ACCEPTED, fromOutside: () => [others, { ...others, from: "::/8", byRouting: true }, allowed] };
    expect(told(find({ ways }), "ok").filter((text) => text.startsWith("ports"))).toEqual(["ports: a visitor's packet to 192.0.2.1:8080/tcp is translated to 172.18.0.2:80 and let through (from 10.0.0.0/8); from any source but 10.0.0.0/8 it is dropped, by iptables-nft-save line 9: -A DOCKER-USER -j DROP"]);
    expect(told(find({ ways: { ...ACCEPTED, fromOutside: () => [others] } }), "fault")).toEqual(["ports: a visitor's packet to 192.0.2.1:8080/tcp is dropped, by iptables-nft-save line 9: -A DOCKER-USER -j DROP"]);
  });

  it("says unknown for what hangs on a rule that is not understood", () => {
    const open: Ways = { ...ACCEPTED, fromOutside: () => [{ ...EVERYONE, verdict: "unknown", to: null, delivered: null, because: "iptables-nft-save line 9: -A X -m geoip …", remedy: null }] };
    expect(told(find({ ways: open }), "unknown")).toEqual(["ports: what becomes of a visitor's packet to 192.0.2.1:8080/tcp is not known, by iptables-nft-save line 9: -A X -m geoip …"]);
  });
});
