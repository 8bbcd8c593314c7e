/** `harden check` as a pipeline meets it: which files are judged, at which place, and with which exit code. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";

let root: string;
beforeAll(() => { root = mkdtempSync(join(tmpdir(), "harden-check-")); });
afterAll(() => { rmSync(root, { recursive: true }); });

interface Outcome {
  readonly exitCode: number;
  readonly stderr: string;
  /** `policy resource file:line:column` of every fail. */
  readonly fails: readonly string[];
  readonly unknowns: readonly string[];
  readonly results: readonly Result[];
}

/** Runs in a folder of its own that holds the given files. */
async function check(files: Readonly<Record<string, string>>, args: readonly string[], input = ""): Promise<Outcome> {
  const folder = mkdtempSync(join(root, "case-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { exitCode, stdout, stderr } = await execa(process.execPath, [HARDEN, "check", ...args, "-o", "json"], {
    cwd: folder, input, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false, stripFinalNewline: false,
  });
  const results = stdout === "" ? [] : (JSON.parse(stdout) as Report).results;
  const list = (status: string): string[] => results.filter((result) => result.status === status).map(({ policy, resource, location }) =>
    `${policy} ${resource.id?.replace(/^case-[^/]*\//i, "") ?? "-"} ${location === null ? "-" : `${location.file}:${location.line}:${location.column}`}`);
  return { exitCode: exitCode ?? -1, stderr, fails: list("fail"), unknowns: list("unknown"), results };
}

const SOUND = "    user: '1000'\n    cap_drop: [ALL]\n    security_opt: ['no-new-privileges:true']\n";
const only = (lines: readonly string[], policy: string): string[] => lines.filter((line) => line.startsWith(`${policy} `));

describe("compose", () => {
  it("points to the scalar that decides, through a merge of two files", async () => {
    const files = {
      "a.yaml": `services:\n  web:\n    image: web:1\n    privileged: false\n${SOUND}`,
      "b.yaml": "services:\n  web:\n    privileged: true\n",
    };
    expect(only((await check(files, ["-f", "a.yaml", "-f", "b.yaml"])).fails, "container-privileged")).toEqual(["container-privileged web b.yaml:3:17"]);
    expect(only((await check(files, ["a.yaml"])).fails, "container-privileged")).toEqual([]);
  });

  it("points to the value through anchors, extends and merges, and to what brought it there", async () => {
    const files = {
      "compose.yaml": "x-base: &base\n  privileged: true\nservices:\n  web:\n    <<: *base\n    image: web:1\n  db:\n    extends: { service: web }\n    network_mode: bridge\n",
      "compose.override.yaml": "services:\n  db:\n    network_mode: host\n",
    };
    const { results } = await check(files, ["."]);
    const found = results.filter(({ policy, status }) => status === "fail" && (policy === "container-privileged" || policy === "container-host-network"));
    const name = ({ file, line, column }: NonNullable<Result["location"]>): string => `${file}:${line}:${column}`;
    expect(found.map(({ policy, resource, location, related = [] }) => [policy, resource.name, ...[location, ...related].map((place) => (place === null ? "-" : name(place)))])).toEqual([
      ["container-host-network", "db", "compose.override.yaml:3:19", "compose.yaml:9:19"],
      ["container-privileged", "db", "compose.yaml:2:15", "compose.yaml:5:9", "compose.yaml:8:14"],
      ["container-privileged", "web", "compose.yaml:2:15", "compose.yaml:5:9"],
    ]);
  });

  it("finds a folder's project with its override, and its other files", async () => {
    const files = {
      "compose.yaml": `services:\n  web:\n    image: web:1\n${SOUND}`,
      "compose.override.yaml": "services:\n  web:\n    network_mode: host\n",
      "daemon.json": '{"icc": true, "userns-remap": "default", "no-new-privileges": true}',
      "99-own.conf": "net.ipv4.tcp_syncookies = 0\n",
      "notes.txt": "nothing",
    };
    const { exitCode, fails } = await check(files, ["."]);
    expect(exitCode).toBe(1);
    expect(fails).toEqual(expect.arrayContaining([
      "container-host-network web compose.override.yaml:3:19",
      "daemon-icc daemon daemon.json:1:2",
      "sysctl-tcp-syncookies host:net.ipv4.tcp_syncookies 99-own.conf:1:1",
    ]));
  });

  it("is unknown, exit 3, where a variable decides; --env, an env file and .env resolve it", async () => {
    const compose = `services:\n  web:\n    image: web:1\n    privileged: \${P}\n${SOUND}`;
    const open = await check({ "compose.yaml": compose }, ["compose.yaml"]);
    expect([open.exitCode, only(open.unknowns, "container-privileged")]).toEqual([3, ["container-privileged web compose.yaml:4:17"]]);
    expect((await check({ "compose.yaml": compose }, ["compose.yaml", "--env", "P=true"])).exitCode).toBe(1);
    expect(only((await check({ "compose.yaml": compose, ".env": "P=false\n" }, ["compose.yaml"])).unknowns, "container-privileged")).toEqual([]);
    const named = await check({ "compose.yaml": compose, "prod.env": "P=true\n" }, ["compose.yaml", "--env-file", "prod.env"]);
    expect(only(named.fails, "container-privileged")).toHaveLength(1);
  });

  it("finds the files that COMPOSE_FILE names, wherever that stands; /dev/null stands for no env file", async () => {
    const files = { "prod.yaml": `services:\n  web:\n    image: web:\${TAG:-none}\n    privileged: true\n${SOUND}`, "named.env": "COMPOSE_FILE=prod.yaml\n", ".env": "TAG=1\n" };
    for (const args of [["--env", "COMPOSE_FILE=prod.yaml"], ["--env-file", "named.env"]]) {
      expect(only((await check(files, [".", ...args])).fails, "container-privileged")).toEqual(["container-privileged web prod.yaml:4:17"]);
    }
    expect((await check(files, ["."])).stderr).toContain("holds no file that harden knows");
    const image = async (...args: string[]): Promise<string | undefined> =>
      (await check(files, ["prod.yaml", "--profile", "strict", ...args])).results.find(({ policy }) => policy === "container-image-digest")?.message;
    expect([await image(), await image("--env-file", "/dev/null")]).toEqual([expect.stringContaining("web:1"), expect.stringContaining("web:none")]);
  });

  it("judges each file once, however it is named", async () => {
    const files = { "compose.yaml": `services:\n  web:\n    image: web:1\n    privileged: true\n${SOUND}`, "daemon.json": "{}" };
    const { results } = await check(files, ["compose.yaml", "./compose.yaml", "daemon.json", "daemon.json"]);
    expect(new Set(results.map(({ fingerprint }) => fingerprint)).size).toBe(results.length);
    // The file alone and the folder's project are two that one may ask about.
    expect(only((await check(files, [".", "compose.yaml"])).fails, "container-privileged")).toHaveLength(2);
  });

  it("takes --type for standard input only", async () => {
    const { exitCode, stderr } = await check({ "daemon.json": "{}" }, ["daemon.json", "--type", "daemon"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--type is of no use without -")]);
  });

  it("judges standard input by --type", async () => {
    const compose = `services:\n  web:\n    image: web:1\n    privileged: true\n${SOUND}`;
    expect(only((await check({}, ["-", "--type", "compose"], compose)).fails, "container-privileged")).toHaveLength(1);
    expect((await check({}, ["-"], compose)).stderr).toContain("--type takes compose, daemon, sysctl, iptables");
  });
});

describe("what cannot be judged is exit 2 and hides nothing else", () => {
  it("a broken file among good ones", async () => {
    const files = { "good.yaml": `services:\n  web:\n    image: web:1\n    privileged: true\n${SOUND}`, "bad.yaml": "services:\n  web: [\n" };
    const { exitCode, stderr, fails } = await check(files, ["bad.yaml", "good.yaml"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^harden: bad\.yaml:\d+:\d+: /);
    expect(only(fails, "container-privileged")).toEqual(["container-privileged web good.yaml:4:17"]);
  });

  it.each([
    ["nothing to check", {}, [], "there is nothing to check"],
    ["a file that is not there", {}, ["none.yaml"], "none.yaml: cannot be read: no such file or directory"],
    ["a file of no known type", { "a.txt": "x" }, ["a.txt"], "a.txt: is no file that harden knows"],
    ["a folder without any", { "sub/a.txt": "x" }, ["sub"], "sub: holds no file that harden knows"],
    ["a daemon.json that is no JSON", { "daemon.json": "{\n  oops\n}" }, ["daemon.json"], "daemon.json:2:3: is no JSON"],
    ["a dump that is cut off", { "rules.v4": "*filter\n:INPUT ACCEPT [0:0]\n" }, ["rules.v4"], "rules.v4:"],
  ])("%s", async (_, files, args, message) => {
    const { exitCode, stderr } = await check(files, args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

it("a hostile folder waives only within its own git checkout", async () => {
  const compose = `services:\n  web:\n    image: web:1\n    privileged: true\n${SOUND}`;
  const waive = "waivers:\n  - { policy: container-*, resource: web, reason: build machine }\n";
  expect((await check({ "compose.yaml": compose, ".harden.yaml": waive }, ["compose.yaml"])).exitCode).toBe(0);
});

it("fingerprints hold when lines move, and differ between projects of one name", async () => {
  const prints = async (name: string, text: string): Promise<string[]> => {
    const folder = mkdtempSync(join(root, "prints-"));
    writeFileSync(join(folder, name), text);
    const { stdout } = await execa(process.execPath, [HARDEN, "check", name, "-o", "json"], { cwd: folder, reject: false });
    return (JSON.parse(stdout) as Report).results.map((result) => result.fingerprint);
  };
  const text = "name: shop\nservices:\n  web:\n    image: web:1\n    privileged: true\n";
  expect(await prints("compose.yaml", `\n\n# moved\n${text}`)).toEqual(await prints("compose.yaml", text));
  expect(await prints("other.yaml", text)).not.toEqual(await prints("compose.yaml", text));
});
