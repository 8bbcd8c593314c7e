/** Hosts on which auditors answer wrongly, on real engines: what the engine takes and ignores, defaults and overrides, names that deceive. */
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { scan } from "../support/harden.ts";
import { importImage, importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";

/** `status [element]` of one policy's results on one container, sorted. */
function answers(report: Report, policy: string, id: string): string[] {
  const results = report.results.filter((result) => result.policy === policy && result.resource.id === id);
  return results.map(({ status, element }) => (element === null ? status : `${status} ${element}`)).sort();
}

const published = (report: Report, id: string): string[] => answers(report, "container-published-all-interfaces", id);
const label = (key: string, value: string): string[] => ["--label", `com.docker.compose.${key}=${value}`];

for (const version of ENGINE_VERSIONS) {
  describeWith({ engine: version }, `traps on engine ${version}`, () => {
    let engine: Engine;
    let report: Report;

    beforeAll(async () => {
      engine = await startEngine({ version });
      await importImages(engine);
      await importImage(engine, "busybox:exposed", ["EXPOSE 80/tcp"]);
      const create = async (name: string, ...args: string[]): Promise<void> => { await engine.docker("create", "--name", name, ...args, "busybox:plain"); };
      const run = async (name: string, ...args: string[]): Promise<void> => { await engine.docker("run", "--detach", "--name", name, ...args, "busybox:plain"); };
      const bridge = "com.docker.network.bridge";
      await engine.docker("network", "create", "--internal", "inner");
      await engine.docker("network", "create", "--opt", `${bridge}.host_binding_ipv4=127.0.0.1`, "local");
      await engine.docker("network", "create", "--opt", `${bridge}.enable_icc=false`, "quiet");
      await engine.docker("network", "create", "--opt", `${bridge}.default_bridge=true`, "--opt", `${bridge}.enable_icc=false`, "a-fake");
      await run("host-p", "--network", "host", "-p", "7001:80");
      await run("none-p", "--network", "none", "-p", "7002:80");
      await run("inner-p", "--network", "inner", "-p", "7003:80");
      await create("inner-new", "--network", "inner", "-p", "7003:80");
      await run("local-p", "--network", "local", "-p", "7004:80");
      await create("local-new", "--network", "local", "-p", "7005:80");
      await create("range-new", "-p", "7010-7020:80");
      await run("six-p", "--network", "local", "-p", "[::1]:7006:80", "-p", "[::]:7007:80");
      await run("paused", "-p", "7008:80");
      await engine.docker("pause", "paused");
      await run("stopped", "-p", "7009:80");
      await engine.docker("stop", "--time", "0", "stopped");
      await engine.docker("run", "--detach", "--name", "every", "--publish-all", "busybox:exposed");
      for (const project of ["shop", "blog"]) {
        const labels = [...label("project", project), ...label("service", "web")];
        await engine.docker("create", "--name", `${project}-web-1`, "--publish-all", "--network", "quiet", ...labels, "busybox:exposed");
      }
      await create("borrower", ...label("service", "stopped"));
      await create("hostile", ...label("project", "a/b\nc"), ...label("service", "\u001b[31mx"));
      await create("signed", "--user", "+0");
      await create("named", "--user", "app");
      await run("named-up", "--user", "app");
      await create("on-fake", "--network", "a-fake");
      await symlink("/run", join(engine.folder, "link"));
      await engine.docker("volume", "create", "--opt", "type=none", "--opt", "o=bind", "--opt", `device=${join(engine.folder, "link")}`, "disguised");
      await create("linked-volume", "--volume", "disguised:/x");
      await create("plain-volume", "--mount", "type=volume,source=plain,target=/run/docker.sock");
      report = await scan([], engine.env);
    });
    afterAll(async () => {
      await engine.stop();
    });

    test("ports that the engine takes and discards are not published", () => {
      for (const id of ["host-p", "none-p", "inner-p", "inner-new"]) expect([id, published(report, id)]).toEqual([id, ["pass"]]);
    });

    test("ports follow the network's own address, running or not", () => {
      for (const id of ["local-p", "local-new"]) expect([id, published(report, id)]).toEqual([id, ["pass"]]);
      expect(published(report, "six-p")).toEqual(["fail [::]:7007->80/tcp"]);
    });

    test("ports of containers that are paused, stopped, or not started yet", () => {
      const both = (port: string): string[] => [`fail 0.0.0.0:${port}->80/tcp`, `fail [::]:${port}->80/tcp`];
      expect(published(report, "paused")).toEqual(both("7008"));
      expect(published(report, "stopped")).toEqual(both("7009"));
      expect(published(report, "range-new")).toEqual(both("?"));
      expect(published(report, "shop/web")).toEqual(both("?"));
      expect(published(report, "every")).toHaveLength(2);
    });

    test("every result has its own fingerprint and every port its own id", () => {
      const fingerprints = report.results.map(({ fingerprint }) => fingerprint);
      expect(new Set(fingerprints).size).toBe(fingerprints.length);
      const ports = new Set(report.results.filter(({ resource }) => resource.kind === "port").map(({ resource }) => resource.id));
      expect([...ports]).toEqual(expect.arrayContaining(["v4 0.0.0.0:?/tcp → blog/web:80", "v4 0.0.0.0:?/tcp → shop/web:80", "v6 [::]:7009/tcp → stopped:80"]));
    });

    test("labels give no container another one's name, whatever they hold", () => {
      const names = new Map(report.results.filter(({ resource }) => resource.kind === "container").map(({ resource }) => [resource.id, resource.name]));
      expect(names.get("borrower")).toBe("borrower");
      expect(names.get("a/b\nc/\u001b[31mx")).toBe("\u001b[31mx");
    });

    test("users by sign, by name, and by what the kernel shows", () => {
      expect(["signed", "named", "named-up"].map((id) => answers(report, "container-root-user", id))).toEqual([["fail"], ["unknown"], ["pass"]]);
    });

    test("the default bridge cannot be counterfeited", () => {
      expect(answers(report, "container-default-bridge", "on-fake")).toEqual(["pass"]);
      expect(answers(report, "container-default-bridge", "stopped")).toEqual(["fail"]);
      expect(answers(report, "daemon-icc", "daemon")).toEqual(["fail"]);
    });

    test("a bridge that keeps its members apart may join projects", () => {
      expect(answers(report, "network-no-isolation", "quiet")).toEqual(["pass"]);
    });

    test("sockets through a link in a volume; a plain volume with a socket's name is none", () => {
      expect(answers(report, "container-docker-socket", "linked-volume")).toEqual(["fail /x"]);
      expect(answers(report, "container-docker-socket", "plain-volume")).toEqual(["pass"]);
    });
  });

  describeWith({ engine: version }, `defaults of engine ${version} and containers that say otherwise`, () => {
    let engine: Engine;
    let report: Report;

    beforeAll(async () => {
      engine = await startEngine({ version, daemonJson: { "no-new-privileges": true }, args: ["--ip=127.0.0.1", "--icc=false"] });
      await importImages(engine);
      await engine.docker("network", "create", "own");
      const create = async (name: string, ...args: string[]): Promise<void> => { await engine.docker("create", "--name", name, ...args, "busybox:plain"); };
      await create("silent", "-p", "8001:80");
      await create("open", "--security-opt", "no-new-privileges=false");
      await create("other-network", "--network", "own", "-p", "8002:80");
      report = await scan([], engine.env);
    });
    afterAll(async () => {
      await engine.stop();
    });

    test("no-new-privileges of the daemon holds where the container says nothing", () => {
      expect(["silent", "open"].map((id) => answers(report, "container-no-new-privileges", id))).toEqual([["pass"], ["fail"]]);
      expect(["daemon-no-new-privileges", "daemon-icc"].map((policy) => answers(report, policy, "daemon"))).toEqual([["pass"], ["pass"]]);
    });

    test("--ip is the default bridge's alone", () => {
      expect(published(report, "silent")).toEqual(["pass"]);
      expect(published(report, "other-network")).toHaveLength(2);
    });
  });

  describeWith({ engine: version }, `engine ${version} without a default bridge`, () => {
    let engine: Engine;
    let report: Report;

    beforeAll(async () => {
      engine = await startEngine({ version, daemonJson: { bridge: "none" } });
      await importImages(engine);
      await engine.docker("create", "--name", "nowhere", "-p", "8001:80", "busybox:plain");
      report = await scan([], engine.env);
    });
    afterAll(async () => {
      await engine.stop();
    });

    test("nothing is on it, publishes through it, or talks over it", () => {
      expect(answers(report, "container-default-bridge", "nowhere")).toEqual(["pass"]);
      expect(published(report, "nowhere")).toEqual(["pass"]);
      expect(answers(report, "daemon-icc", "daemon")).toEqual(["notApplicable"]);
    });
  });
}
