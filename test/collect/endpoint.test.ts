import { describe, expect, test } from "vitest";
import { findEndpoint } from "../../src/collect/endpoint.ts";
import { messageOf } from "../support/errors.ts";
import { plantTree } from "../support/tree.ts";

const DEFAULT = { kind: "unix", url: "unix:///var/run/docker.sock", path: "/var/run/docker.sock" };

test.each([
  ["unix:///a b/docker.sock", { kind: "unix", url: "unix:///a b/docker.sock", path: "/a b/docker.sock" }],
  ["unix://relative.sock", { kind: "unix", url: "unix://relative.sock", path: "relative.sock" }],
  ["unix://", DEFAULT],
  ["tcp://10.0.0.1:80", { kind: "tcp", url: "tcp://10.0.0.1:80", host: "10.0.0.1", port: 80 }],
  ["tcp://docker.example/", { kind: "tcp", url: "tcp://docker.example:2375", host: "docker.example", port: 2375 }],
  ["tcp://[::1]:2376", { kind: "tcp", url: "tcp://[::1]:2376", host: "::1", port: 2376 }],
  ["tcp://", { kind: "tcp", url: "tcp://localhost:2375", host: "localhost", port: 2375 }],
  ["tcp://:4243", { kind: "tcp", url: "tcp://localhost:4243", host: "localhost", port: 4243 }],
  ["10.0.0.1:4243", { kind: "tcp", url: "tcp://10.0.0.1:4243", host: "10.0.0.1", port: 4243 }],
  ["tcp://user:hunter2@h:1", { kind: "tcp", url: "tcp://h:1", host: "h", port: 1 }],
])("DOCKER_HOST=%s", (given, endpoint) => {
  expect(findEndpoint({ DOCKER_HOST: given })).toEqual(endpoint);
});

describe("a DOCKER_HOST that is refused", () => {
  test.each(["ssh://root@host", "http://host:1", "npipe:////./pipe/docker_engine", "tcp://host:99999", "tcp://host/path", "tcp://a:b:c", "unixx:///x"])("%s", async (given) => {
    expect(await messageOf(() => findEndpoint({ DOCKER_HOST: given }))).toEqual([
      `DOCKER_HOST is no address of an engine that harden can use: "${given}"`, "  accepted: unix:///path/to/docker.sock, tcp://host:port",
    ]);
  });

  test("is shown without its password and without what a terminal would act upon", async () => {
    const [message] = await messageOf(() => findEndpoint({ DOCKER_HOST: "https://admin:hunter2@h\u001b[2J" }));
    expect(message).toBe('DOCKER_HOST is no address of an engine that harden can use: "https://admin:[redacted:url-password]@h\\u001b[2J"');
  });

  test("a path that no socket's address holds", async () => {
    expect(findEndpoint({ DOCKER_HOST: `unix:///${"x".repeat(106)}` }).kind).toBe("unix");
    expect(await messageOf(() => findEndpoint({ DOCKER_HOST: `unix:///${"x".repeat(107)}` }))).toEqual([
      expect.stringMatching(/^DOCKER_HOST is too long for the path of a unix socket: "\/x+…$/), "  it has room for 107 bytes",
    ]);
  });

  test("TLS, which is not spoken, is said instead of sending plain text", async () => {
    const [message] = await messageOf(() => findEndpoint({ DOCKER_HOST: "tcp://h:2376", DOCKER_TLS_VERIFY: "1" }));
    expect(message).toBe("DOCKER_TLS_VERIFY is set, and harden does not speak TLS with an engine");
    expect(findEndpoint({ DOCKER_HOST: "unix:///x", DOCKER_TLS_VERIFY: "1" }).kind).toBe("unix");
  });
});

test("without DOCKER_HOST it is the default socket, or the rootless one where only that is there", () => {
  const runtime = plantTree({ "/docker.sock": "" });
  const found = findEndpoint({ XDG_RUNTIME_DIR: runtime });
  expect([DEFAULT.path, `${runtime}/docker.sock`]).toContain(found.kind === "unix" ? found.path : null);
  expect(findEndpoint({ XDG_RUNTIME_DIR: "/nonexistent" })).toEqual(DEFAULT);
  expect(findEndpoint({ DOCKER_HOST: "" })).toEqual(DEFAULT);
});
