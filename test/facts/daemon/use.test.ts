import { expect, test } from "vitest";
import { deriveDaemon } from "../../../src/facts/daemon.ts";
import type { Daemon } from "../../../src/facts/model/daemon.ts";
import { lookUp } from "../../../src/facts/resource.ts";
import { fragmentOf } from "../../../src/snapshot/fragment.ts";
import type { Snapshot, Sources } from "../../../src/snapshot/model.ts";
import { INFO_29, VERSION_29 } from "../../support/engine-answers.ts";
import { snapshotOf } from "../../support/snapshot.ts";

const daemonData = (text: string | null): Sources["daemon"]["data"] => ({
  pid: null, commandLine: null, startedAt: null, rootless: false, units: [], listeners: null,
  configFile: { path: "daemon.json", explicit: true, text, error: text === null ? "ENOENT" : null, modifiedAt: null },
});
const ofFile = (text: string): Daemon => only(fragmentOf({ daemon: { status: "ok", detail: null, data: daemonData(text) } }));
const engine = { endpoint: "unix:///s", local: true, localReason: "", pid: 100, info: INFO_29, version: VERSION_29 };
const container = (name: string, inspect: Record<string, unknown> | null) => ({ id: name, name, inspect, error: inspect === null ? "gone" : null });

function only(snapshot: Snapshot): Daemon {
  const [daemon] = deriveDaemon(snapshot).resources;
  if (daemon === undefined) throw new Error("no daemon");
  return daemon;
}

function read(daemon: Daemon, name: "swarm" | "publishesPorts" | "hasIpv6Network"): boolean | "unknown" {
  return lookUp(daemon.unknown, `/${name}`) === undefined ? daemon[name] : "unknown";
}

test("a file alone counts as publishing ports, and as having an IPv6 network only if it asks for one", () => {
  expect([read(ofFile("{}"), "publishesPorts"), read(ofFile("{}"), "swarm")]).toEqual([true, false]);
  const pools = (base: string): string => `{"default-address-pools": [{"base": "10.0.0.0/8", "size": 24}, {"base": "${base}", "size": 64}]}`;
  const texts = ["{}", '{"ipv6": true}', pools("172.16.0.0/12"), pools("fd00::/48"), '{"default-network-opts": {"bridge": {"com.docker.network.enable_ipv6": "true"}}}'];
  expect(texts.map((text) => read(ofFile(text), "hasIpv6Network"))).toEqual([false, true, false, true, true]);
});

test("on a live engine its containers and networks tell", () => {
  const publishing = { HostConfig: { PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } } };
  const live = (containers: Snapshot["sources"]["containers"]["data"], networks: Record<string, unknown>[] = []): Daemon => only(snapshotOf({ engine, containers: containers ?? [], networks }));
  expect(read(live([container("a", {})]), "publishesPorts")).toBe(false);
  expect(read(live([container("a", publishing), container("b", null)]), "publishesPorts")).toBe(true);
  expect(read(live([container("b", null)]), "publishesPorts")).toBe("unknown");
  expect(read(live([], [{ Name: "six", EnableIPv6: true }]), "hasIpv6Network")).toBe(true);
  expect(read(live([], [{ Name: "four", EnableIPv6: false }]), "hasIpv6Network")).toBe(false);
});

test("ways around publishing: the daemon's own, those of networks to come, and those of networks", () => {
  const file = ofFile('{\n"allow-direct-routing": true,\n"default-network-opts": {\n"bridge": {"com.docker.network.bridge.trusted_host_interfaces": "eth1"}}}');
  expect(file.directRouting.map(({ key }) => key)).toEqual(["allow-direct-routing", "default-network-opts"]);
  expect([0, 1].map((index) => lookUp(file.origins, `/directRouting/${index}`))).toMatchObject([{ line: 2 }, { line: 4 }]);
  expect([ofFile("{}").directRouting, ofFile('{"allow-direct-routing": false}').directRouting]).toEqual([[], []]);
  const trusting = { Name: "edge", Options: { "com.docker.network.bridge.trusted_host_interfaces": "eth1:eth2" } };
  expect(only(snapshotOf({ engine, networks: [trusting] })).directRouting).toEqual([{ key: "edge", setting: "trusted host interfaces eth1:eth2 on network edge" }]);
});
