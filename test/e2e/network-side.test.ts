/** Sysctls, connection tracking and name resolution of containers on real engines, which tell of them in different ways. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { collectSnapshot } from "../../src/collect/collect.ts";
import { deriveHost } from "../../src/facts/host.ts";
import { deriveSysctls } from "../../src/facts/sysctl.ts";
import type { Snapshot } from "../../src/snapshot/model.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";

const COOKIES = "net.ipv4.tcp_syncookies";

for (const version of ENGINE_VERSIONS) {
  describeWith({ root: true, engine: version }, `the network side of containers on engine ${version}`, () => {
    let engine: Engine;
    let snapshot: Snapshot;
    beforeAll(async () => {
      engine = await startEngine({ version });
      await importImages(engine);
      const hosts = join(engine.folder, "hosts");
      await writeFile(hosts, "127.0.0.1 localhost\n");
      const run = (name: string, ...args: string[]): Promise<string> => engine.docker("run", "--detach", "--name", name, ...args, "busybox:plain");
      await engine.docker("network", "create", "app");
      await run("plain", "--network", "app");
      await run("own-dns", "--network", "app", "--dns", "192.0.2.66");
      await run("own-dns-on-bridge", "--dns", "198.51.100.66");
      await run("writes-hosts", "-v", `${hosts}:/etc/hosts`);
      await run("reads-hosts", "-v", `${hosts}:/etc/hosts:ro`);
      await run("owner", "--network", "app", "--sysctl", `${COOKIES}=0`);
      await run("a-joiner", "--network", "container:owner");
      await run("on-host", "--network", "host");
      await engine.docker("create", "--name", "never-started", "busybox:plain");
      snapshot = await collectSnapshot({
        environment: engine.env, sysctls: { all: [COOKIES], inContainers: [COOKIES] }, tool: { name: "harden", version: "test" }, progress: () => undefined, now: () => new Date(0),
      });
    });
    afterAll(() => engine.stop());

    test("a container's own resolvers are seen, taken-over ones stand with the host", () => {
      const [host] = deriveHost(snapshot).resources;
      expect(host?.resolvers.filter(({ of }) => of !== "host").map(({ key, scope }) => [key, scope])).toEqual([
        ["own-dns 192.0.2.66", "global"], ["own-dns-on-bridge 198.51.100.66", "global"],
      ]);
      // But what hangs on whether this machine has auditctl.
      expect(Object.keys(host?.unknown ?? {}).filter((at) => !at.startsWith("/auditGaps/"))).toEqual([]);
    });

    test("a hosts file that the container can write is seen", () => {
      const [host] = deriveHost(snapshot).resources;
      expect(host?.writableResolverFiles).toEqual([
        { key: "writes-hosts /etc/hosts", container: "writes-hosts", target: "/etc/hosts", source: join(engine.folder, "hosts") },
      ]);
    });

    test("each network namespace is read once and named after its owner", () => {
      const cookies = deriveSysctls(snapshot).resources.filter(({ name }) => name === COOKIES);
      expect(cookies.map(({ id, value }) => [id, value]).sort()).toEqual([
        [`host:${COOKIES}`, "1"], ...["own-dns-on-bridge", "own-dns", "owner", "plain", "reads-hosts", "writes-hosts"].map((id) => [`${id}:${COOKIES}`, id === "owner" ? "0" : "1"]),
      ]);
    });

    test("each network namespace's connection tracking is counted", () => {
      const [host] = deriveHost(snapshot).resources;
      expect(host?.conntrack.map(({ key, drops }) => [key, drops])).toEqual(
        ["host", "own-dns", "own-dns-on-bridge", "owner", "plain", "reads-hosts", "writes-hosts"].map((key) => [key, 0]),
      );
      expect(host?.conntrack.every(({ usage }) => usage !== null && usage < 0.1)).toBe(true);
    });
  });
}
