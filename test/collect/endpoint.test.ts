import { describe, expect, test } from "vitest";
import { findEndpoint, isEngineNamed } from "../../src/collect/endpoint.ts";
import { messageOf } from "../support/errors.ts";
import { plantTree } from "../support/tree.ts";

const DEFAULT = { kind: "unix", url: "unix:///var/run/docker.sock", path: "/var/run/docker.sock" };
/** No configuration of this machine's Docker client has a say. */
const BARE = { DOCKER_CONFIG: "/nonexistent" };

function tcp(host: string, port: number, bracketed = host): object {
  return { kind: "tcp", url: `tcp://${bracketed}:${port}`, host, port, tls: null };
}

test.each([
  ["unix:///a b/docker.sock", { kind: "unix", url: "unix:///a b/docker.sock", path: "/a b/docker.sock" }],
  ["unix://relative.sock", { kind: "unix", url: "unix://relative.sock", path: "relative.sock" }],
  ["unix://", DEFAULT],
  [" ", DEFAULT],
  ["tcp://10.0.0.1:80", tcp("10.0.0.1", 80)],
  [" tcp://10.0.0.1:80\n", tcp("10.0.0.1", 80)],
  ["tcp://docker.example/", tcp("docker.example", 2375)],
  ["tcp://[::1]:2376", tcp("::1", 2376, "[::1]")],
  ["tcp://", tcp("localhost", 2375)],
  ["tcp://:4243", tcp("localhost", 4243)],
  ["10.0.0.1:4243", tcp("10.0.0.1", 4243)],
  ["tcp://user:hunter2@h:1", tcp("h", 1)],
])("DOCKER_HOST=%j", async (given, endpoint) => {
  expect(await findEndpoint({ ...BARE, DOCKER_HOST: given })).toEqual(endpoint);
});

test("an engine that is reached by SSH is not used, as one that a context names so", async () => {
  expect(await findEndpoint({ ...BARE, DOCKER_HOST: "ssh://root:hunter2@host" })).toEqual({
    kind: "unusable", url: "ssh://root:[redacted:url-password]@host",
    reason: 'DOCKER_HOST is an address that harden does not reach: "ssh://root:[redacted:url-password]@host" (run harden there: ssh HOST harden collect | harden scan --snapshot -)',
  });
});

describe("a DOCKER_HOST that is refused", () => {
  test.each(["http://host:1", "npipe:////./pipe/docker_engine", "tcp://host:99999", "tcp://host/path", "tcp://a:b:c", "unixx:///x"])("%s", async (given) => {
    expect(await messageOf(() => findEndpoint({ DOCKER_HOST: given }))).toEqual([
      `DOCKER_HOST is no address of an engine that harden can use: "${given}"`, "  accepted: unix:///path/to/docker.sock, tcp://host:port",
    ]);
  });

  test("is shown without its password and without what a terminal would act upon", async () => {
    const [message] = await messageOf(() => findEndpoint({ DOCKER_HOST: "https://admin:hunter2@h\u001b[2J" }));
    expect(message).toBe('DOCKER_HOST is no address of an engine that harden can use: "https://admin:[redacted:url-password]@h\\u001b[2J"');
  });

  test("a path that no socket's address holds", async () => {
    expect((await findEndpoint({ DOCKER_HOST: `unix:///${"x".repeat(106)}` })).kind).toBe("unix");
    expect(await messageOf(() => findEndpoint({ DOCKER_HOST: `unix:///${"x".repeat(107)}` }))).toEqual([
      expect.stringMatching(/^DOCKER_HOST is too long for the path of a unix socket: "\/x+…$/), "  it has room for 107 bytes",
    ]);
  });
});

test("without DOCKER_HOST it is the default socket, or the rootless one where only that is there", async () => {
  const runtime = plantTree({ "/docker.sock": "" });
  const found = await findEndpoint({ ...BARE, XDG_RUNTIME_DIR: runtime });
  expect([DEFAULT.path, `${runtime}/docker.sock`]).toContain(found.kind === "unix" ? found.path : null);
  expect(await findEndpoint({ ...BARE, XDG_RUNTIME_DIR: "/nonexistent" })).toEqual(DEFAULT);
  expect(await findEndpoint({ ...BARE, DOCKER_HOST: "" })).toEqual(DEFAULT);
});

test.each([
  [{ DOCKER_HOST: "tcp://h:1" }, true],
  [{ DOCKER_CONTEXT: "unknown" }, true],
  [{ DOCKER_CONTEXT: "default" }, false],
  [{}, false],
])("an engine is named by %j: %j", async (environment, isNamed) => {
  expect(await isEngineNamed({ ...BARE, ...environment })).toBe(isNamed);
});
