import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { importImage, importImages, SERVE } from "../support/images.ts";
import { joinOutside, type Outside } from "../support/namespaces.ts";
import { describeWith } from "../support/requirements.ts";
import { findRemains, noteTraces, readOwnRules } from "../support/traces.ts";

const NOTHING = { processes: [], mounts: [], cgroups: [], files: [] };

for (const version of ENGINE_VERSIONS) {
  describeWith({ engine: version, programs: ["curl"] }, `an engine ${version} of a test`, () => {
    let ownRules: string;
    let engine: Engine;
    let outside: Outside;

    beforeAll(async () => {
      ownRules = await readOwnRules();
      engine = await startEngine({ version, daemonJson: { labels: ["harden.test=yes"] }, args: ["--icc=false"] });
      outside = await joinOutside(engine);
      await importImages(engine);
    });
    afterAll(async () => {
      await outside.remove();
      await engine.stop();
    });

    test("is of that version, took its configuration, and answers at its socket with Debian's client", async () => {
      expect(await engine.docker("version", "--format", "{{.Server.Version}}")).toMatch(version === "29" ? /^29\./ : /^20\.10\./);
      expect(await engine.docker("info", "--format", "{{json .Labels}}")).toBe('["harden.test=yes"]');
      expect(await engine.inNamespace("iptables", "--list-rules", "FORWARD")).toContain("-P FORWARD DROP");
    });

    test("imports images that differ in user and health check", async () => {
      const read = async (name: string): Promise<string> =>
        engine.docker("image", "inspect", "--format", "{{.Config.User}} {{with .Config.Healthcheck}}{{.Test}}{{end}}", name);
      const all = await Promise.all(["busybox:plain", "busybox:nonroot", "busybox:root", "busybox:healthcheck"].map(read));
      expect(all.map((line) => line.trim())).toEqual(["", "1000:1000", "root", "[CMD /bin/true]"]);
    });

    test("runs a container that serves its published port to a host outside, by IPv4 and IPv6", async () => {
      await engine.docker("run", "--detach", "--name", "web", "--publish", "8080:80", "busybox:nonroot", ...SERVE);
      await expect.poll(() => outside.connects(outside.engine4, 8080), { timeout: 10_000 }).toBe(true);
      expect(await outside.connects(outside.engine4, 8081)).toBe(false);
      expect(await outside.run("curl", "--silent", "--max-time", "2", `http://[${outside.engine6}]:8080/`)).toBe("hello");
    });

    test("creates a privileged container, which this kind of machine cannot start", async () => {
      await engine.docker("create", "--privileged", "--name", "privileged", "busybox:plain");
      const state = await engine.docker("inspect", "--format", "{{.HostConfig.Privileged}} {{.State.Status}}", "privileged");
      expect(state).toBe("true created");
    });

    test("leaves nothing when it is stopped, paused containers included, and never touched this machine's rules", async () => {
      await engine.docker("run", "--detach", "--name", "paused", "busybox:plain");
      await engine.docker("pause", "paused");
      const traces = await noteTraces(engine);
      const before = await findRemains(traces);
      expect(Object.values(before).map((remains: readonly unknown[]) => remains.length > 0)).toEqual([true, true, true, true]);
      expect(before.processes).toContain(engine.pid);
      await engine.stop();
      expect(await findRemains(traces)).toEqual(NOTHING);
      expect(await readOwnRules()).toBe(ownRules);
    });
  });
}

describeWith({ engine: "20.10", programs: ["curl"] }, "engines of tests", () => {
  test("run side by side with the same addresses, names and ports", async () => {
    const [one, other] = await Promise.all([startServer("one"), startServer("other")]);
    try {
      expect(await readPage(one)).toBe("one");
      expect(await readPage(other)).toBe("other");
      await one.stop();
      expect(await readPage(other)).toBe("other");
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  });

  test("may find forwarding switched on, which leaves the policy of FORWARD alone", async () => {
    const engine = await startEngine({ version: "20.10", forwardingFirst: true });
    try {
      expect(await engine.inNamespace("iptables", "--list-rules", "FORWARD")).toContain("-P FORWARD ACCEPT");
    } finally {
      await engine.stop();
    }
  });

  test("go when the test is killed", async () => {
    const program = fileURLToPath(new URL("../support/abandon-engine.ts", import.meta.url));
    const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const traces = await noteTraces(JSON.parse(line.toString()) as { folder: string; netns: string });
    expect((await findRemains(traces)).processes.length).toBeGreaterThan(3);
    child.kill("SIGKILL");
    await vi.waitFor(async () => { expect(await findRemains(traces)).toEqual(NOTHING); }, { timeout: 10_000, interval: 100 });
  });

  test("say why they do not start, and leave nothing then", async () => {
    await expect(startEngine({ version: "20.10", args: ["--no-such-flag"] })).rejects.toThrow(/did not come up:\n.*no-such-flag/s);
  });
});

async function startServer(page: string): Promise<Engine> {
  const engine = await startEngine({ version: "20.10" });
  await importImage(engine, "busybox:plain", []);
  const command = `echo ${page} > /www/index.html; exec httpd -f -p 80 -h /www`;
  await engine.docker("run", "--detach", "--name", "web", "--publish", "8080:80", "busybox:plain", "sh", "-c", command);
  return engine;
}

async function readPage(engine: Engine): Promise<string> {
  return engine.inNamespace("curl", "--silent", "--retry", "5", "--retry-connrefused", "http://127.0.0.1:8080/");
}
