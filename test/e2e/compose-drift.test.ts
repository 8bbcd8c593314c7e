/** A project that Compose itself made: what differs from its files is told, what agrees is found in them, and files that are gone stop nothing. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { type Engine, startEngine } from "../support/engine.ts";
import { DEAD_MOUNT, runBesideDeadMount } from "../support/dead-mount.ts";
import { HARDEN, runHarden, scan } from "../support/harden.ts";
import { importImages } from "../support/images.ts";
import { describeWith } from "../support/requirements.ts";

const COMPOSE = join(execFileSync(fileURLToPath(new URL("../../.ci/provision", import.meta.url)), ["where-compose"], { encoding: "utf8" }).trim(), "docker-compose");

const DOCUMENT = `services:
  web:
    image: \${IMAGE:-busybox:plain}
    command: [sleep, "3600"]
    read_only: true
    cap_add: [NET_ADMIN]
    ports: ["127.0.0.1:18080:80"]
    mem_limit: 64m
    user: "1000"
    volumes:
      - /etc/hostname:/name:ro
    environment:
      DB_PASSWORD: zqPlanted7vK9xW2
  job:
    extends: { file: base.yaml, service: base }
    pid: host
`;
const BASE = `services:
  base:
    image: busybox:plain
    command: [sleep, "3600"]
    restart: always
`;

describeWith({ engine: "29", files: [COMPOSE] }, "compose drift on engine 29", () => {
  let engine: Engine;
  let base: string;
  let shop: string;

  const compose = async (...args: readonly string[]): Promise<unknown> => execa(COMPOSE, args, { cwd: shop, env: { ...engine.env, PATH: process.env["PATH"] ?? "" }, extendEnv: false });
  const put = async (name: string, text: string): Promise<void> => { await writeFile(join(shop, name), text); };
  const ofProject = ({ results }: Report): Result[] => results.filter(({ resource: { id } }) => id?.startsWith("shop/") === true);
  const drift = (report: Report): string[] =>
    ofProject(report).filter(({ policy, status }) => policy === "container-compose-drift" && status !== "pass").map(({ status, message, location }) => `${status} ${message} @${location === null ? "" : `${location.file.slice(shop.length + 1)}:${location.line}:${location.column}`}`);

  beforeAll(async () => {
    engine = await startEngine({ version: "29" });
    await importImages(engine);
    await engine.docker("tag", "busybox:plain", "busybox:other");
    base = await mkdtemp("/tmp/harden-compose-drift-");
    shop = join(base, "shop");
    await mkdir(shop);
    await put("compose.yaml", DOCUMENT);
    await put("base.yaml", BASE);
    await compose("up", "--detach", "--pull", "never");
  }, 180_000);
  afterAll(async () => {
    await compose("down", "--timeout", "0");
    await engine.stop();
    await rm(base, { recursive: true });
  });
  beforeEach(async () => {
    await put("compose.yaml", DOCUMENT);
    await put("base.yaml", BASE);
  });

  test("nothing differs at first, and findings stand where the files cause them", async () => {
    const report = await scan([], engine.env);
    expect(drift(report)).toEqual([]);
    const places = ofProject(report).filter(({ status, policy }) => status === "fail" && /privileges|cap-add|host-pid|cap-drop|memory|secret|restart|network/.test(policy));
    expect(places.map(({ policy, resource, element, location }) => `${policy} ${resource.id ?? ""} ${element ?? "-"} ${location === null ? "" : `${location.file.slice(shop.length + 1)}:${location.line}:${location.column}`}`)).toEqual([
      "container-cap-add-unneeded shop/web NET_ADMIN compose.yaml:6:15",
      "container-cap-drop-all shop/job - compose.yaml:14:3",
      "container-cap-drop-all shop/web - compose.yaml:2:3",
      "container-host-pid shop/job - compose.yaml:16:10",
      "container-memory-limit shop/job - compose.yaml:14:3",
      "container-no-new-privileges shop/job - compose.yaml:14:3",
      "container-no-new-privileges shop/web - compose.yaml:2:3",
      "container-secret-in-environment shop/web DB_PASSWORD compose.yaml:13:20",
    ]);
    expect(ofProject(await scan(["--profile", "strict"], engine.env)).find(({ policy, resource }) => policy === "container-restart-policy" && resource.id === "shop/job")?.location)
      .toMatchObject({ file: join(shop, "base.yaml"), line: 5, column: 14 });
  });

  test("files that were edited since: each difference with its place", async () => {
    await put("compose.yaml", DOCUMENT.replace("read_only: true", "privileged: true").replace("127.0.0.1:18080:80", "18081:80").replace(":/name:ro", ":/name").replace("pid: host", "pid: service:web").replace("cap_add: [NET_ADMIN]", "cap_drop: [ALL]"));
    await put("base.yaml", BASE.replace("always", "on-failure:3"));
    expect(drift(await scan([], engine.env))).toEqual([
      "fail job: pid: the compose file says not the host's, what runs has the host's @compose.yaml:16:10",
      "fail job: pid of another container: the compose file says that of shop/web, what runs has no other container's @compose.yaml:16:10",
      "fail job: restart: the compose file says on-failure:3, what runs has always @base.yaml:5:14",
      "fail web: cap_add NET_ADMIN: the compose file says not added, what runs has added @compose.yaml:2:3",
      "fail web: cap_drop ALL: the compose file says dropped, what runs has not dropped @compose.yaml:6:16",
      "fail web: ports 80/tcp: the compose file says every interface:18081, what runs has 127.0.0.1:18080 @compose.yaml:7:13",
      "fail web: privileged: the compose file says true, what runs has false @compose.yaml:5:17",
      "fail web: read_only: the compose file says false, what runs has true @compose.yaml:2:3",
      "fail web: volumes /name: the compose file says /etc/hostname of the host, what runs has /etc/hostname of the host, read-only @compose.yaml:11:9",
    ]);
  });

  test("a container that was changed by hand, and an environment that nobody knows any more", async () => {
    await engine.docker("update", "--memory", "96m", "--memory-swap", "96m", "shop-web-1");
    await engine.docker("network", "connect", "bridge", "shop-web-1");
    await put(".env", "IMAGE=busybox:other\n");
    expect(drift(await scan([], engine.env))).toEqual([
      "unknown cannot tell whether this holds: A running compose service differs from its compose file: image: the file fills it in from IMAGE, and whoever started the project may have set that otherwise @compose.yaml:2:3",
      "fail web: mem_limit: the compose file says 67108864 bytes, what runs has 100663296 bytes @compose.yaml:8:16",
      "fail web: networks bridge: the compose file says not attached, what runs has attached @compose.yaml:2:3",
    ]);
    await rm(join(shop, ".env"));
    await engine.docker("network", "disconnect", "bridge", "shop-web-1");
    await compose("up", "--detach", "--pull", "never", "--force-recreate", "--timeout", "0");
    expect(drift(await scan([], engine.env))).toEqual([]);
  });

  test.each<[string, () => Promise<void>, string]>([
    ["gone", async () => { await rm(join(shop, "compose.yaml")); }, "which its labels name, cannot be read: no such file or directory"],
    ["a link to what is no compose file", async () => { await rm(join(shop, "compose.yaml")); await symlink("/etc/shadow", join(shop, "compose.yaml")); }, "Compose would not take its files as they are now"],
    ["a pipe", async () => { await rm(join(shop, "compose.yaml")); execFileSync("mkfifo", [join(shop, "compose.yaml")]); }, "it is no regular file"],
    ["a device", async () => { await rm(join(shop, "compose.yaml")); await symlink("/dev/zero", join(shop, "compose.yaml")); }, "it is a file of the kernel's"],
  ])("a compose file that is %s: a message, and the audit goes on", async (_, change, reason) => {
    await change();
    const { stdout, stderr, exitCode } = await runHarden(["-o", "json", "--fail-on", "never"], engine.env);
    await rm(join(shop, "compose.yaml"), { force: true });
    expect([exitCode, stderr]).toEqual([0, ""]);
    const report = JSON.parse(stdout) as Report;
    const told = ofProject(report).filter(({ policy }) => policy === "container-compose-drift");
    expect(told.map(({ status, resource, location }) => [resource.id, status, location?.file, location?.line])).toEqual([["shop/job", "unknown", join(shop, "compose.yaml"), 1], ["shop/web", "unknown", join(shop, "compose.yaml"), 1]]);
    for (const { message } of told) expect(message).toContain(reason);
    expect(/root:[*!$x]/.test(stdout)).toBe(false);
    expect(ofProject(report).find(({ policy }) => policy === "container-host-pid")).toMatchObject({ status: expect.stringMatching(/pass|fail/) as string, location: null });
  });

  describeWith(DEAD_MOUNT, "beside a file system that never answers", () => {
    test("what lies on it is unknown, and the audit goes on and ends", async () => {
      const dead = join(base, "dead");
      await mkdir(dead);
      const labels = { project: "lost", service: "web", "project.config_files": join(dead, "compose.yaml"), "project.working_dir": dead };
      await engine.docker("create", "--name", "lost-web-1", ...Object.entries(labels).flatMap(([key, value]) => ["--label", `com.docker.compose.${key}=${value}`]), "busybox:plain");
      const { stdout, stderr, exitCode } = await runBesideDeadMount(dead, [process.execPath, HARDEN, "-o", "json", "--fail-on", "never"], engine.env);
      await engine.docker("rm", "lost-web-1");
      await rmdir(dead);
      expect([exitCode, stderr]).toEqual([0, ""]);
      const report = JSON.parse(stdout) as Report;
      expect(drift(report)).toEqual([]);
      const lost = report.results.filter(({ policy, resource }) => policy === "container-compose-drift" && resource.id === "lost/web");
      expect(lost.map(({ status, message, location }) => [status, message.slice(message.indexOf("the file")), location?.file])).toEqual([
        ["unknown", `the file ${join(dead, ".env")}, to which its compose files lead, cannot be read: its file system does not answer`, join(dead, "compose.yaml")],
      ]);
    });
  });

  test("a service that is in no file any more is told where the services stand", async () => {
    await put("compose.yaml", DOCUMENT.replace("  web:", "  shop:").replace("services:", "name: shop\nservices:"));
    expect(drift(await scan([], engine.env))).toEqual(["fail web: service: the compose file says none of that name, what runs has web @compose.yaml:2:1"]);
  });

  test("one that `compose run` made has options of its own, and is not compared", async () => {
    await compose("run", "--detach", "--user", "2000", "--name", "once", "web");
    const report = await scan([], engine.env);
    await engine.docker("rm", "--force", "once");
    expect(report.results.filter(({ policy, resource }) => policy === "container-compose-drift" && resource.id === "once").map(({ status }) => status)).toEqual(["notApplicable"]);
  });

  test("the snapshot carries no secret of the files", async () => {
    const { stdout } = await runHarden(["collect"], engine.env);
    expect([stdout.includes(join(shop, "compose.yaml")), stdout.includes("zqPlanted")]).toEqual([true, false]);
  });
});
