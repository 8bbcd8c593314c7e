import { describe, expect, it } from "vitest";
import type { Container } from "../../../src/facts/model/container.ts";
import { derive } from "../../support/container-facts.ts";

describe("published ports", () => {
  const published = (bindings: Record<string, unknown>): Record<string, unknown> => ({ HostConfig: { PortBindings: bindings } });
  const keys = (container: Container): string[] => container.ports.map((port) => `${port.key} ${port.scope}`);

  it("takes a binding without an address for every interface of both families", () => {
    expect(keys(derive(published({ "80/tcp": [{ HostIp: "", HostPort: "8080" }] })))).toEqual([
      "0.0.0.0:8080->80/tcp any", "[::]:8080->80/tcp any",
    ]);
  });

  it("knows loopback, an address and the any address of both families", () => {
    const bindings = ["127.0.0.1", "::1", "10.1.2.3", "::", "0.0.0.0", "127.8.9.1"].map((HostIp) => ({ HostIp, HostPort: "1" }));
    expect(keys(derive(published({ "80/tcp": bindings }))).sort()).toEqual([
      "0.0.0.0:1->80/tcp any", "10.1.2.3:1->80/tcp address", "127.0.0.1:1->80/tcp loopback", "127.8.9.1:1->80/tcp loopback",
      "[::1]:1->80/tcp loopback", "[::]:1->80/tcp any",
    ]);
  });

  it("takes the network's default bind address", () => {
    const networks = [{ Name: "bridge", Id: "n1", Driver: "bridge", Options: { "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1" } }];
    const changes = { ...published({ "80/tcp": [{ HostIp: "", HostPort: "8080" }] }), NetworkSettings: { Networks: { bridge: { NetworkID: "n1" } } } };
    expect(keys(derive(changes, { networks }))).toEqual(["127.0.0.1:8080->80/tcp loopback"]);
  });

  it("prefers what is bound to what was asked for, and ignores ports that are only exposed", () => {
    const changes = {
      ...published({ "80/tcp": [{ HostIp: "", HostPort: "" }] }),
      NetworkSettings: { Ports: { "80/tcp": [{ HostIp: "0.0.0.0", HostPort: "49153" }], "443/tcp": null } },
    };
    expect(keys(derive(changes))).toEqual(["0.0.0.0:49153->80/tcp any"]);
  });

  it("publishes nothing on the host's network, on none, or in another container's namespace", () => {
    for (const NetworkMode of ["host", "none", "container:other"]) {
      expect(keys(derive({ HostConfig: { NetworkMode, PortBindings: { "80/tcp": [{ HostIp: "", HostPort: "8080" }] } } }))).toEqual([]);
    }
  });

  it("publishes of a running container what is bound, of a restarting one what will be", () => {
    const wanted = published({ "80/tcp": [{ HostIp: "", HostPort: "8080" }] });
    const state = (Status: string): Record<string, unknown> => ({ ...wanted, State: { Status, Running: true } });
    expect(keys(derive(state("running")))).toEqual([]);
    expect(keys(derive(state("paused")))).toEqual([]);
    expect(keys(derive(state("restarting")))).toHaveLength(2);
  });

  it("publishes nothing where all networks are internal or the engine has no default bridge", () => {
    const on = (...names: string[]): Record<string, unknown> => ({
      ...published({ "80/tcp": [{ HostIp: "", HostPort: "8080" }] }),
      NetworkSettings: { Networks: Object.fromEntries(names.map((name) => [name, { NetworkID: "" }])) },
    });
    const networks = [{ Name: "inner", Id: "n1", Driver: "bridge", Internal: true, Options: {} }, { Name: "outer", Id: "n2", Driver: "bridge", Options: {} }];
    expect(keys(derive(on("inner"), { networks }))).toEqual([]);
    expect(keys(derive(on("inner", "outer"), { networks }))).toHaveLength(2);
    expect(keys(derive(on("bridge"), { networks }))).toEqual([]);
    expect(keys(derive(on("bridge"), { networks: { status: "failed", detail: "HTTP 500", data: null } }))).toHaveLength(2);
  });

  it("takes the default address of the network that the ports are published through", () => {
    const loopback = { "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1" };
    const networks = [
      { Name: "a-inner", Id: "n1", Driver: "bridge", Internal: true, Options: loopback },
      { Name: "b-outer", Id: "n2", Driver: "bridge", Options: {} },
      { Name: "c-first", Id: "n3", Driver: "bridge", Options: loopback },
    ];
    const on = (Networks: Record<string, unknown>): Record<string, unknown> => ({
      ...published({ "80/tcp": [{ HostIp: "", HostPort: "8080" }] }), NetworkSettings: { Networks },
    });
    expect(keys(derive(on({ "a-inner": {}, "b-outer": {} }), { networks }))).toHaveLength(2);
    expect(keys(derive(on({ "b-outer": {}, "c-first": { GwPriority: 1 } }), { networks }))).toEqual(["127.0.0.1:8080->80/tcp loopback"]);
  });

  it("does not know what a swarm service publishes through the ingress network", () => {
    const networks = [{ Name: "ingress", Id: "n1", Driver: "overlay", Ingress: true, Options: {} }];
    const container = derive({ NetworkSettings: { Networks: { ingress: { NetworkID: "n1" } } } }, { networks });
    expect(container.unknown["/ports"]).toContain("swarm");
  });

  it("does not know which port of a range the engine will choose", () => {
    const container = derive(published({ "80/tcp": [{ HostIp: "", HostPort: "9000-9010" }] }));
    expect(container.ports.map(({ key, hostPort }) => [key, hostPort])).toEqual([
      ["0.0.0.0:?->80/tcp", null], ["[::]:?->80/tcp", null],
    ]);
  });

  it("lists what -P will publish before the engine has chosen the port", () => {
    const changes = { HostConfig: { PublishAllPorts: true }, Config: { ExposedPorts: { "80/tcp": {} } } };
    expect(keys(derive(changes))).toEqual(["0.0.0.0:?->80/tcp any", "[::]:?->80/tcp any"]);
  });
});

describe("networks", () => {
  const on = (name: string, NetworkID: string): Record<string, unknown> => ({ NetworkSettings: { Networks: { [name]: { NetworkID } } } });
  const bridge = (Name: string, Id: string): Record<string, unknown> => (
    { Name, Id, Driver: "bridge", Options: { "com.docker.network.bridge.default_bridge": "true", "com.docker.network.bridge.name": "br0" } });

  it("knows the default bridge whatever its interface is called, before a first start too", () => {
    const networks = [bridge("bridge", "n1"), { Name: "app", Id: "n2", Driver: "bridge", Options: {} }];
    expect(derive(on("bridge", "n1"), { networks }).onDefaultBridge).toBe(true);
    expect(derive(on("bridge", ""), { networks }).onDefaultBridge).toBe(true);
    expect(derive(on("app", "n2"), { networks }).onDefaultBridge).toBe(false);
  });

  it("is not deceived by another network that carries the default bridge's option", () => {
    expect(derive(on("fake", "n2"), { networks: [bridge("bridge", "n1"), bridge("fake", "n2")] }).onDefaultBridge).toBe(false);
  });

  it("has nothing to attach to where the engine has no default bridge (bridge: none)", () => {
    expect(derive(on("bridge", ""), { networks: [{ Name: "app", Id: "n2", Driver: "bridge", Options: {} }] }).onDefaultBridge).toBe(false);
  });
});
