import { expect, test } from "vitest";
import { listLinkedPaths } from "../../src/collect/linked-paths.ts";
import { containerOf } from "../support/snapshot.ts";

test("binds, devices of volumes and the engine's sockets, each once", () => {
  const mounts = [{ Type: "bind", Source: "/srv/a" }, { Type: "volume", Name: "v", Source: "/var/lib/docker/volumes/v" }, { Type: "bind", Source: "/srv/a" }];
  const daemon = {
    pid: 1, commandLine: ["dockerd", "-H", "unix:///srv/x.sock", "-Hunix:///srv/y.sock", "--host=tcp://0.0.0.0:1"], startedAt: null, rootless: false, units: [], listeners: null,
    configFile: { path: "/d", explicit: false, text: '{"hosts": ["unix:///srv/z.sock"]}', error: null, modifiedAt: null },
  };
  const volumes = [{ Name: "v", Options: { type: "none", o: "bind", device: "/srv/link" } }, { Name: "nfs", Options: { device: ":/export" } }, { Name: "plain", Options: null }];
  const containers = [containerOf("web", { Mounts: mounts }), { id: "1", name: "gone", inspect: null, error: "HTTP 500" }];
  expect(listLinkedPaths({ containers, volumes, daemon, socket: "/run/docker.sock" })).toEqual([
    "/run/docker.sock", "/srv/a", "/srv/link", "/srv/x.sock", "/srv/y.sock", "/srv/z.sock",
  ]);
  expect(listLinkedPaths({ containers: [], volumes: [], daemon: null, socket: null })).toEqual([]);
});
