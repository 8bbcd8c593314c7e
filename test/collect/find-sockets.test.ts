import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findEndpoint } from "../../src/collect/endpoint.ts";
import { findSockets } from "../../src/collect/find-sockets.ts";
import { plantTree } from "../support/tree.ts";

const DOCKER = "/var/run/docker.sock";
const PODMAN = "/run/podman/podman.sock";

/** A root with sockets at which somebody listens. */
async function plantSockets(...paths: string[]): Promise<string> {
  const root = plantTree({ "/run/keep": "" });
  for (const path of paths) {
    mkdirSync(dirname(root + path), { recursive: true });
    const server = createServer();
    onTestFinished(() => { server.close(); });
    await new Promise<void>((resolve) => server.listen(root + path, resolve));
  }
  return root;
}

test("the second engine of a machine is not passed over", async () => {
  expect(findSockets("", 0, await plantSockets(DOCKER, PODMAN))).toEqual({ chosen: DOCKER, others: [PODMAN] });
  expect(findSockets("", 0, await plantSockets(PODMAN))).toEqual({ chosen: PODMAN, others: [] });
  expect(findSockets("", 0, await plantSockets())).toEqual({ chosen: DOCKER, others: [] });
});

test("root sees the engines of all users and takes none of them", async () => {
  const sockets = ["/run/user/1000/docker.sock", "/run/user/1000/podman/podman.sock", "/run/user/1001/podman/podman.sock"];
  const root = await plantSockets(...sockets);
  expect(findSockets("", 0, root)).toEqual({ chosen: DOCKER, others: sockets });
  expect(findSockets("", 1001, root)).toEqual({ chosen: "/run/user/1001/podman/podman.sock", others: [] });
  expect(findSockets("/run/user/1000", 1000, root)).toEqual({ chosen: "/run/user/1000/docker.sock", others: ["/run/user/1000/podman/podman.sock"] });
  // Whose runtime folder root names it has named.
  expect(findSockets("/run/user/1001", 0, root)).toEqual({ chosen: sockets[2], others: sockets.slice(0, 2) });
});

test("one engine under two names is one, and what is no socket is none", async () => {
  const root = await plantSockets(PODMAN);
  mkdirSync(`${root}/var/run`, { recursive: true });
  symlinkSync(root + PODMAN, root + DOCKER);
  mkdirSync(`${root}/run/user/1000/docker.sock`, { recursive: true });
  mkdirSync(`${root}/run/user/1001/podman`, { recursive: true });
  writeFileSync(`${root}/run/user/1001/podman/podman.sock`, "");
  expect(findSockets("", 0, root)).toEqual({ chosen: DOCKER, others: [] });
});

test("the note says how the other is audited, and is not there where an engine is named", async () => {
  const runtime = await plantSockets("/docker.sock", "/podman/podman.sock");
  const environment = { DOCKER_CONFIG: "/nonexistent", XDG_RUNTIME_DIR: runtime };
  const found = await findEndpoint(environment);
  expect("note" in found ? found.note : undefined).toContain(`DOCKER_HOST=unix://${runtime}/podman/podman.sock`);
  expect(await findEndpoint({ ...environment, DOCKER_HOST: `unix://${runtime}/docker.sock` })).toEqual({ kind: "unix", url: `unix://${runtime}/docker.sock`, path: `${runtime}/docker.sock` });
  expect(await findEndpoint({ ...environment, DOCKER_TLS: "1", DOCKER_CERT_PATH: "/nonexistent" })).not.toHaveProperty("note");
});
