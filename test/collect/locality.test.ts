import { createServer } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chooseOwner, isContainerProcess, locateEngine, namesContainer } from "../../src/collect/locality.ts";

const ID = "0123456789abcdef".repeat(4);
const OTHER = "fedcba9876543210".repeat(4);

describe("a cgroup names a container", () => {
  const named: Record<string, string> = {
    "cgroup v1, cgroupfs driver": `12:pids:/docker/${ID}\n0::/docker/${ID}`,
    "cgroup v2, cgroupfs driver": `0::/docker/${ID}`,
    "cgroup v2, systemd driver": `0::/system.slice/docker-${ID}.scope`,
    "own cgroup parent": `0::/apps.slice/apps-web.slice/docker-${ID}.scope`,
    "own cgroup parent, cgroupfs": `4:memory:/tenants/a/${ID}`,
    "rootless": `0::/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`,
    "podman": `0::/machine.slice/libpod-${ID}.scope/container`,
    "podman, cgroupfs": `0::/libpod_parent/libpod-${ID}`,
    "a cgroup of its own below the container's": `0::/docker/${ID}/init.scope`,
    "seen from a cgroup namespace": `0::/../${ID}`,
  };
  test.each(Object.entries(named))("%s", (_, text) => {
    expect(namesContainer(text, ID)).toBe(true);
  });

  const unnamed: Record<string, string> = {
    "the host's own": "0::/init.scope",
    "another container's": `0::/docker/${OTHER}`,
    "conmon, which watches the container from outside": `0::/machine.slice/libpod-conmon-${ID}.scope`,
    "a longer name that ends alike": `0::/docker/f${ID}`,
    "an id cut short": `0::/docker/${ID.slice(0, 12)}`,
    "nothing": "",
  };
  test.each(Object.entries(unnamed))("not: %s", (_, text) => {
    expect(namesContainer(text, ID)).toBe(false);
  });

  test("what is no full id names nothing", () => {
    expect(namesContainer("0::/docker/web", "web")).toBe(false);
    expect(namesContainer("0::/", "")).toBe(false);
  });
});

test("this process is no container's", () => {
  expect(isContainerProcess(process.pid, ID)).toBe(false);
});

test("a process that is gone is no container's", () => {
  expect(isContainerProcess(2 ** 22 + 1, ID)).toBe(false);
});

test("a socket that some other program listens on proves nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "harden-"));
  const path = join(folder, "engine.sock");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const found = await locateEngine(path, [{ id: ID, pid: process.pid }]);
  server.close();
  rmSync(folder, { recursive: true });
  expect(found).toMatchObject({ local: false, pid: null });
  expect(found.reason).toContain("none of its containers' processes is one of this machine");
});

test("the engine is the parent of those that it has forked, whatever their numbers", () => {
  const parents: Readonly<Record<number, number>> = { 300: 1, 7: 300, 400: 399 };
  const choose = (engine: "dockerd" | "podman", ...pids: readonly number[]) => chooseOwner(pids.map((pid) => ({ pid, engine })), (pid) => parents[pid] ?? null)?.pid;
  expect([choose("dockerd", 7, 300), choose("dockerd", 300, 7), choose("dockerd", 7), choose("dockerd"), choose("podman", 7, 300)]).toEqual([300, 300, 7, undefined, 7]);
});

test("a socket that is not there proves nothing", async () => {
  const found = await locateEngine("/nonexistent/docker.sock", []);
  expect(found).toEqual({ local: false, reason: "/nonexistent/docker.sock cannot be looked at, and no container runs that could prove it", pid: null });
});
