/** Less rights and fewer programs: the scan still works, says what it could not see, and nothing passes that was not read. */
import { chmod, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Engine, startEngine } from "../support/engine.ts";
import { ENGINE_VERSIONS } from "../support/engine-version.ts";
import { importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";
import { listTroubles, listUndeservedPasses, scanBy, type Attempt } from "../support/run-as.ts";

const NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"];

for (const version of ENGINE_VERSIONS) {
  describeWith({ engine: version, programs: ["setpriv"] }, `an incomplete view of engine ${version}`, () => {
    let engine: Engine;
    let whole: Attempt;

    beforeAll(async () => {
      engine = await startEngine({ version });
      await importImages(engine);
      await engine.docker("network", "create", "app");
      const sound = ["--network", "app", "--user", "1000", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];
      await engine.docker("run", "-d", "--name", "sound", ...sound, "busybox:plain");
      await engine.docker("run", "-d", "--name", "open", "--network", "host", "--pid", "host", "-v", "/run:/x", "busybox:plain");
      await engine.docker("run", "-d", "--name", "published", "-p", "8080:80", "--network", "app", "busybox:plain");
      await engine.docker("create", "--name", "never-started", "--privileged", "busybox:plain");
      whole = await scanBy([], engine.env);
      expect(listTroubles(whole.report)).toEqual([]);
    });
    afterAll(() => engine.stop());

    async function expectLess(wrapper: readonly string[], environment: Readonly<Record<string, string>>): Promise<Attempt> {
      const less = await scanBy(wrapper, environment);
      expect(less.stderr).toBe("");
      expect(listUndeservedPasses(less.report, whole.report)).toEqual([]);
      return less;
    }

    describe("a user without root", () => {
      test("whom the socket is closed to", async () => {
        await chmod(engine.folder, 0o755);
        await chmod(engine.socket, 0o660);
        const { report, exitCode } = await expectLess(NOBODY, engine.env);
        expect(listTroubles(report)).toEqual(expect.arrayContaining(["engine: denied", "containers: denied", "networks: denied", "volumes: denied", "images: denied", "processes: denied", "iptables: denied"]));
        expect(report.results.filter(({ resource }) => resource.kind === "container").map(({ status }) => status)).not.toContain("pass");
        expect([1, 3]).toContain(exitCode);
      });

      test("who may use the socket", async () => {
        await chmod(engine.folder, 0o755);
        await chmod(engine.socket, 0o666);
        const { report } = await expectLess(NOBODY, engine.env);
        // Where several engines run, as in a whole test run, it cannot even be told whose namespace is closed.
        expect(listTroubles(report)).toEqual(expect.arrayContaining([expect.stringMatching(/^iptables: (denied|failed)$/)]));
        expect(report.sources.filter(({ name }) => ["engine", "containers", "networks"].includes(name)).map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);
        const faults = report.results.filter(({ status, policy }) => status === "fail" && policy === "container-host-network").map(({ resource }) => resource.id);
        expect(faults).toEqual(["open"]);
      });
    });

    describe("missing programs", () => {
      test("without nsenter, perl and getfacl", async () => {
        const { report } = await expectLess(["env", "PATH=/nonexistent"], engine.env);
        const details = report.sources.filter(({ name }) => ["iptables", "ipset", "nftables", "addresses", "sysctl"].includes(name)).map(({ status, detail }) => `${status} ${detail ?? ""}`);
        expect(details.filter((line) => !/^failed .*nsenter \(package util-linux\) is not installed|^failed .*neither perl nor nsenter can be found/.test(line))).toEqual([]);
      });

      test("without any but nsenter", async () => {
        const programs = join(engine.folder, "programs");
        await mkdir(programs);
        await symlink("/usr/bin/nsenter", join(programs, "nsenter"));
        const hide = 'mount --make-rprivate / && mount -t tmpfs none /usr/sbin && PATH="$0" exec "$@"';
        const { report } = await expectLess(["unshare", "--mount", "sh", "-c", hide, programs], engine.env);
        expect(listTroubles(report)).toEqual(expect.arrayContaining(["iptables: absent", "ipset: absent", "nftables: absent", "addresses: absent"]));
      });

      test("without any, and without an engine", async () => {
        const { report, exitCode } = await expectLess(["nsenter", `--net=${engine.netns}`, "env", "PATH=/nonexistent"], { DOCKER_HOST: "unix:///nonexistent/docker.sock" });
        expect(listTroubles(report)).toEqual(expect.arrayContaining(["engine: absent", "containers: absent", "processes: absent"]));
        expect([1, 3]).toContain(exitCode);
      });
    });
  });
}
