import { expect, it } from "vitest";
import { listResting } from "../../src/facts/resting.ts";
import type { NamespaceSysctls } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

const namespaceOf = (name: string, error: string | null = null): NamespaceSysctls => ({ namespace: "net:[2]", containerIds: [containerOf(name).id], values: {}, error });

it("what exists and does not run, by resource id", () => {
  const labels = { "com.docker.compose.project": "shop", "com.docker.compose.service": "web" };
  const sysctl = { host: {}, netError: null, namespaces: [namespaceOf("running"), namespaceOf("paused")], asked: [] };
  const containers = ["created", "running", "paused", "restarting", "exited", "dead"].map((status) => containerOf(status, { State: { Status: status } }));
  const snapshot = snapshotOf({ sysctl, containers: [...containers, containerOf("shop-web-1", { State: { Status: "exited" }, Config: { Labels: labels } }), { id: "x", name: "broken", inspect: null, error: "500" }] });
  expect([...listResting(snapshot)]).toEqual([["created", "stopped"], ["restarting", "restarting"], ["exited", "stopped"], ["dead", "stopped"], ["shop/web", "stopped"]]);
});

it("what ended while the look was taken: the engine says that it runs, and its network namespace was not read", () => {
  const containers = [containerOf("gone"), containerOf("missed"), containerOf("seen"), containerOf("hosted", { HostConfig: { NetworkMode: "host" } })].map((container) => ({
    ...container, inspect: { ...container.inspect, State: { Status: "running" } },
  }));
  const sysctl = { host: {}, netError: null, namespaces: [namespaceOf("gone", "ENOENT"), namespaceOf("seen")], asked: [] };
  expect([...listResting(snapshotOf({ containers, sysctl }))]).toEqual([["gone", "stopped"], ["missed", "stopped"]]);
  expect([...listResting(snapshotOf({ containers, sysctl: { status: "denied", detail: "no", data: null } }))]).toEqual([]);
});
