import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readUnit, unitOfCgroups } from "../../src/collect/systemd-unit.ts";

const USER_FOLDER = "/home/app/.config/systemd/user";
const DOCKER = { name: "docker.service", userFolder: null };

describe("the unit that a process was started by", () => {
  const cases: [string, string, ReturnType<typeof unitOfCgroups>][] = [
    ["cgroup v2", "0::/system.slice/docker.service", DOCKER],
    ["cgroup v1", "3:pids:/elsewhere.service\n1:name=systemd:/system.slice/docker.service\n0::/system.slice/docker.service", DOCKER],
    ["another name", "0::/system.slice/snap.docker.dockerd.service", { ...DOCKER, name: "snap.docker.dockerd.service" }],
    ["a user's unit", "0::/user.slice/user-1000.slice/user@1000.service/app.slice/docker.service", { name: "docker.service", userFolder: USER_FOLDER }],
    ["a terminal", "0::/user.slice/user-1000.slice/session-3.scope", null],
    ["a terminal of a desktop", "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-term.scope", null],
    ["a user's manager itself", "0::/user.slice/user-1000.slice/user@1000.service", null],
    ["no systemd", "0::/", null],
  ];
  test.each(cases)("%s", (_, cgroups, unit) => {
    expect(unitOfCgroups(cgroups, USER_FOLDER)).toEqual(unit);
  });
});

describe("unit files by systemd's precedence", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "harden-"));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text);
  };
  const listPaths = (): string[] => readUnit(DOCKER, root).map(({ path }) => path);

  test("the unit in /etc hides that of the package", () => {
    put("/usr/lib/systemd/system/docker.service", "[Service]\nExecStart=/usr/bin/dockerd\n");
    expect(listPaths()).toEqual(["/usr/lib/systemd/system/docker.service"]);
    put("/etc/systemd/system/docker.service", "[Service]\nExecStart=/opt/dockerd\n");
    expect(listPaths()).toEqual(["/etc/systemd/system/docker.service"]);
  });

  test("drop-ins stand in the order of their names, whatever folder; of one name the first folder's counts", () => {
    put("/lib/systemd/system/docker.service", "[Service]\n");
    put("/etc/systemd/system/docker.service.d/20-b.conf", "[Service]\n");
    put("/run/systemd/system/docker.service.d/10-a.conf", "[Service]\n");
    put("/usr/lib/systemd/system/docker.service.d/20-b.conf", "[Service]\n");
    put("/etc/systemd/system/service.d/15-all.conf", "[Service]\n");
    put("/etc/systemd/system/docker.service.d/readme.txt", "not a drop-in");
    expect(listPaths()).toEqual([
      "/lib/systemd/system/docker.service", "/run/systemd/system/docker.service.d/10-a.conf", "/etc/systemd/system/service.d/15-all.conf",
      "/etc/systemd/system/docker.service.d/20-b.conf",
    ]);
  });

  test("a link to /dev/null masks", () => {
    put("/lib/systemd/system/docker.service", "[Service]\n");
    put("/lib/systemd/system/docker.service.d/10-a.conf", "[Service]\n");
    mkdirSync(`${root}/etc/systemd/system/docker.service.d`, { recursive: true });
    symlinkSync("/dev/null", `${root}/etc/systemd/system/docker.service.d/10-a.conf`);
    expect(listPaths()).toEqual(["/lib/systemd/system/docker.service"]);
    symlinkSync("/dev/null", `${root}/etc/systemd/system/docker.service`);
    expect(readUnit(DOCKER, root)).toEqual([{ path: "/etc/systemd/system/docker.service", text: "", error: null }]);
  });

  test("environment files come last, missing ones too", () => {
    put("/lib/systemd/system/docker.service", "[Service]\nEnvironmentFile=-/etc/default/docker\nEnvironmentFile=-/etc/sysconfig/docker\n");
    put("/etc/default/docker", "DOCKER_OPTS=--icc=false\n");
    expect(readUnit(DOCKER, root).slice(1)).toEqual([
      { path: "/etc/default/docker", text: "DOCKER_OPTS=--icc=false\n", error: null },
      { path: "/etc/sysconfig/docker", text: null, error: "ENOENT" },
    ]);
  });

  test("credentials stay behind", () => {
    put("/lib/systemd/system/docker.service", "[Service]\n");
    put("/etc/systemd/system/docker.service.d/proxy.conf", '[Service]\nEnvironment="HTTP_PROXY=http://me:hunter2hunter2@proxy.example:3128"\n');
    expect(JSON.stringify(readUnit(DOCKER, root))).not.toContain("hunter2hunter2");
  });

  test("no unit is no file", () => {
    expect(listPaths()).toEqual([]);
  });
});
