/** `harden watch` on real engines: after each thing that happens, what it has told comes to what a new scan finds. */
import { execFileSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { scan } from "../support/harden.ts";
import { importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";
import { type ChangeLine, startWatch, type Watch } from "../support/watch.ts";

const COMPOSE = join(execFileSync(fileURLToPath(new URL("../../.ci/provision", import.meta.url)), ["where-compose"], { encoding: "utf8" }).trim(), "docker-compose");

/** What is open, by fingerprint, as `POLICY RESOURCE [ELEMENT]`. */
type Open = ReadonlyMap<string, string>;

for (const version of ENGINE_VERSIONS) {
  describeWith({ engine: version }, `harden watch on engine ${version}`, () => {
    let engine: Engine;
    let watch: Watch;
    let told: Map<string, string>;

    beforeAll(async () => {
      engine = await startEngine({ version });
      await importImages(engine);
      await engine.docker("run", "--detach", "--name", "old", "busybox:nonroot");
      told = new Map(await scanOpen());
      watch = await startWatch(["-o", "json", "--interval", "1"], engine.env);
    });
    afterAll(async () => {
      watch.child.kill("SIGKILL");
      await engine.stop();
    });

    const scanOpen = async (): Promise<Open> => {
      const { results } = await scan([], engine.env);
      return new Map(results.filter(({ status, waiver }) => (status === "fail" || status === "unknown") && waiver === null).map((result) => [result.fingerprint, nameOf(result)]));
    };

    /** What has come and gone once the watch has told all that a scan finds, in words, sorted. A line that cannot be is refused. */
    const settle = async (): Promise<string[]> => {
      const expected = await scanOpen();
      const before = new Map(told);
      await watch.follow((line) => { apply(told, line); }, () => isSame(told, expected));
      return [
        ...[...told].filter(([key]) => !before.has(key)).map(([, name]) => `new ${name}`),
        ...[...before].filter(([key]) => !told.has(key)).map(([, name]) => `fixed ${name}`),
      ].sort();
    };

    it.each<[string, (engine: Engine) => Promise<unknown>, readonly string[]]>([
      ["a container that is made and started", ({ docker }) => docker("run", "--detach", "--name", "web", "--pid=host", "--publish", "8080:80", "busybox:plain"),
        ["new container-host-pid web", "new container-root-user web", "new container-published-all-interfaces web [0.0.0.0:8080->80/tcp]", "new firewall-docker-user-empty v4"]],
      ["one whose limits are changed", ({ docker }) => docker("update", "--memory", "64m", "--memory-swap", "64m", "web"), ["fixed container-memory-limit web"]],
      ["one that joins a network", async ({ docker }) => {
        await docker("network", "create", "--label", "x=y", "apart");
        await docker("network", "connect", "apart", "web");
        await docker("network", "disconnect", "bridge", "web");
      }, ["fixed container-default-bridge web"]],
      ["one that gets another name", ({ docker }) => docker("rename", "web", "shop"), ["fixed container-host-pid web", "new container-host-pid shop"]],
      ["one that ends", ({ docker }) => docker("kill", "shop"), ["fixed firewall-container-to-host shop"]],
      ["one that starts again", ({ docker }) => docker("start", "shop"), ["new firewall-container-to-host shop"]],
      ["a rule of the administrator's", ({ inNamespace }) => inNamespace("iptables", "-I", "DOCKER-USER", "-s", "192.0.2.66", "-j", "DROP"), ["new firewall-not-persistent v4"]],
      ["rules that are flushed", ({ inNamespace }) => inNamespace("iptables", "-F", "DOCKER-USER"), ["fixed firewall-not-persistent v4"]],
      ["a sysctl of the host", ({ inNamespace }) => inNamespace("sysctl", "-qw", "net.ipv4.conf.all.accept_source_route=1"), ["new sysctl-accept-source-route host:net.ipv4.conf.all.accept_source_route"]],
      ["a container that is removed, network and all", async ({ docker }) => {
        await docker("rm", "--force", "shop");
        await docker("network", "rm", "apart");
      }, ["fixed container-host-pid shop", "fixed container-published-all-interfaces shop [0.0.0.0:8080->80/tcp]", "fixed firewall-docker-user-empty v4"]],
    ])("tells of %s", async (_, happen, among) => {
      await happen(engine);
      expect(await settle()).toEqual(expect.arrayContaining([...among]));
    });

    /** The lines that come of what happens, on what there was before. */
    const linesOf = async (happen: () => Promise<unknown>): Promise<string[]> => {
      const before = watch.output().length;
      await happen();
      // What is told of this comes after what is told of that.
      await engine.docker("create", "--name", "marker", "busybox:nonroot");
      expect(await settle()).toContain("new container-memory-limit marker");
      const lines = watch.output().slice(before).split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as ChangeLine);
      await engine.docker("rm", "marker");
      await settle();
      return lines.filter(({ resource }) => resource.id !== "marker").map((line) => `${line.change} ${nameOf(line)}`);
    };

    it("tells nothing of a restart", async () => {
      expect(await linesOf(() => engine.docker("restart", "--time", "0", "old"))).toEqual([]);
    });

    // This Compose speaks to no engine before 25.
    if (version === "29") {
      describeWith({ files: [COMPOSE] }, "beside Compose", () => {
        it("tells nothing of a project that Compose makes anew as it was", async () => {
          const file = join(engine.folder, "compose.yaml");
          await writeFile(file, "name: shop\nservices:\n  web: {image: 'busybox:plain', pid: host, ports: ['8081:80']}\n  db: {image: 'busybox:nonroot', volumes: ['/etc:/x']}\n");
          const up = (...flags: string[]) => execa(COMPOSE, ["-f", file, "up", "--detach", "--pull", "never", ...flags], { env: { ...engine.env, PATH: process.env["PATH"] ?? "" }, extendEnv: false });
          await up();
          expect(await settle()).toContain("new container-host-pid shop/web");
          expect(await linesOf(() => up("--force-recreate", "--timeout", "1"))).toEqual([]);
        });

        it("tells of a compose file that is edited, and of an env file that is made", async () => {
          const file = join(engine.folder, "compose.yaml");
          const document = await readFile(file, "utf8");
          await writeFile(file, document.replace("pid: host", "privileged: true"));
          expect(await settle()).toEqual(["new container-compose-drift shop/web [pid]", "new container-compose-drift shop/web [privileged]"]);
          await writeFile(file, document.replace("pid: host", "pid: '${MODE:-host}'"));
          expect(await settle()).toEqual(["fixed container-compose-drift shop/web [pid]", "fixed container-compose-drift shop/web [privileged]"]);
          await writeFile(join(engine.folder, ".env"), "MODE=service:db\n");
          expect(await settle()).toEqual(["new container-compose-drift shop/web"]);
          await rm(join(engine.folder, ".env"));
          await writeFile(file, document);
          expect(await settle()).toEqual(["fixed container-compose-drift shop/web"]);
        });
      });
    }

    it("tells of many containers at once", async () => {
      const names = Array.from({ length: 12 }, (_, index) => `c${index}`);
      await Promise.all(names.map((name) => engine.docker("run", "--detach", "--name", name, "--pid=host", "busybox:nonroot")));
      expect((await settle()).filter((change) => change.includes("container-host-pid"))).toEqual(names.map((name) => `new container-host-pid ${name}`).sort());
      await engine.docker("rm", "--force", ...names);
      expect((await settle()).filter((change) => change.includes("container-host-pid"))).toEqual(names.map((name) => `fixed container-host-pid ${name}`).sort());
    });

    it("outlives the engine: says that it is gone, takes nothing for fixed, and tells afterwards what has changed", async () => {
      await engine.docker("create", "--name", "kept", "--pid=host", "busybox:nonroot");
      expect(await settle()).toContain("new container-host-pid kept");
      await engine.docker("rm", "--force", "old");
      process.kill(engine.pid, "SIGKILL");
      await watch.said(/harden waits for it, and then tells what has changed\n/);
      await engine.restart();
      await watch.said(/harden: the engine at \S+ is there\n/);
      expect(await settle()).not.toContain("fixed container-host-pid kept");
      expect(watch.errors().match(/harden waits for it/g)).toHaveLength(1);
    });

    it("ends with 0 when it is told to", async () => {
      expect(await watch.end("SIGTERM")).toBe(0);
    });
  });
}

function apply(told: Map<string, string>, line: ChangeLine): void {
  if (line.change === "fixed" && !told.has(line.fingerprint)) throw new Error(`fixed was what was not open: ${nameOf(line)}`);
  if (line.change === "new") told.set(line.fingerprint, nameOf(line));
  else told.delete(line.fingerprint);
}

function isSame(a: Open, b: Open): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}

function nameOf({ policy, resource, element }: Pick<ChangeLine, "policy" | "resource" | "element">): string {
  return `${policy} ${resource.id ?? "-"}${element === null ? "" : ` [${element}]`}`;
}
