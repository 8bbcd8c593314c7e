import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HARDEN } from "./support/harden.ts";

it.each(["20.20.2", "22.17.9"])("says in one line that Node %s is too old", async (version) => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "${version}" })`;
  const { exitCode, stdout, stderr } = await execa(process.execPath, ["--import", pretend, HARDEN, "scan"], { reject: false });
  expect([exitCode, stdout, stderr]).toEqual([2, "", `harden needs Node 22.18 or newer; this is Node ${version}`]);
});

it.each(["--version", "-V"])("%s gives the version of the package", async (flag) => {
  const { version } = JSON.parse(readFileSync(join(dirname(HARDEN), "../package.json"), "utf8")) as { version: string };
  expect((await execa(process.execPath, [HARDEN, flag])).stdout).toBe(version);
});

it("an env file is harden's own: Node neither looks for it nor obeys the NODE_OPTIONS in it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "harden-env-"));
  try {
    writeFileSync(join(folder, "evil.cjs"), 'require("node:fs").writeFileSync("ran", "");');
    writeFileSync(join(folder, "evil.env"), "NODE_OPTIONS=--require ./evil.cjs\nTAG=1\n");
    writeFileSync(join(folder, "compose.yaml"), "services: {web: {image: 'a:${TAG}'}}\n");
    const run = (file: string) => execa(HARDEN, ["check", "compose.yaml", "--env-file", file], { cwd: folder, reject: false, env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` }, extendEnv: false });
    expect((await run("evil.env")).stdout).toContain("variables: TAG (evil.env:2)");
    expect(readdirSync(folder).sort()).toEqual(["compose.yaml", "evil.cjs", "evil.env"]);
    expect(await run("none.env")).toMatchObject({ exitCode: 2, stderr: "harden: none.env: cannot be read: no such file or directory" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("V8's code cache", () => {
  let folder = "";
  let program = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "harden-bin-"));
    const root = join(dirname(HARDEN), "..");
    for (const part of ["bin", "dist", "package.json"]) cpSync(join(root, part), join(folder, part), { recursive: true });
    writeFileSync(join(folder, "compose.yaml"), "services:\n  web:\n    image: nginx:1.27\n    privileged: true\n");
    program = join(folder, "bin/harden.js");
  });

  afterEach(() => { rmSync(folder, { recursive: true }); });

  const cacheOf = (command: string): string => {
    const names = readdirSync(join(folder, "dist/cache")).filter((name) => name.startsWith(command));
    expect(names).toHaveLength(1);
    return join(folder, "dist/cache", names[0] ?? "");
  };

  async function check(): Promise<void> {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [program, "check", "compose.yaml", "-o", "json"], { cwd: folder, reject: false });
    expect([exitCode, stderr]).toEqual([1, ""]);
    const { results } = JSON.parse(stdout) as { results: { policy: string; status: string }[] };
    expect(results).toContainEqual(expect.objectContaining({ policy: "container-privileged", status: "fail" }));
  }

  it("comes with the build and stays as it is", async () => {
    const file = cacheOf("check");
    const before = statSync(file);
    await check();
    expect(statSync(cacheOf("check"))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  it("is found through the link that npm makes", async () => {
    program = join(folder, "harden");
    symlinkSync("bin/harden.js", program);
    const { ino } = statSync(cacheOf("check"));
    await check();
    expect(statSync(cacheOf("check")).ino).toBe(ino);
  });

  it("is made where there is none", async () => {
    rmSync(cacheOf("check"));
    await check();
    expect(statSync(cacheOf("check")).size).toBeGreaterThan(100_000);
  });

  it.each([
    ["no cache at all", () => Buffer.from("no cache")],
    ["empty", () => Buffer.alloc(0)],
    ["cut short", (whole: Buffer) => whole.subarray(0, whole.length - 8)],
    ["of another V8", (whole: Buffer) => Buffer.from(whole).fill(1, 4, 8)],
  ])("is made anew where it is %s", async (_, spoil) => {
    const file = cacheOf("check");
    const spoilt = spoil(readFileSync(file));
    writeFileSync(file, spoilt);
    await check();
    expect(readFileSync(cacheOf("check")).equals(spoilt)).toBe(false);
  });

  it("of another build is not used", async () => {
    const bundle = join(folder, "dist/harden.cjs");
    const other = readFileSync(bundle, "latin1").replace(/^\/\/.{16}/, "//0123456789abcdef").replaceAll("not at fault", "all is well.");
    writeFileSync(bundle, other, "latin1");
    const { stdout } = await execa(process.execPath, [program, "check", "compose.yaml", "-o", "json"], { cwd: folder, reject: false });
    expect(stdout).toContain("all is well.");
  });

  it("is made where a package has none, by nobody else to be written", async () => {
    rmSync(join(folder, "dist/cache"), { recursive: true });
    await execa("sh", ["-c", 'umask 000; "$0" "$@"', process.execPath, program, "check", "compose.yaml"], { cwd: folder, reject: false });
    expect([join(folder, "dist/cache"), cacheOf("check")].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual(["755", "644"]);
  });

  it("is not needed: where it cannot be written all works as well", async () => {
    rmSync(join(folder, "dist/cache"), { recursive: true });
    writeFileSync(join(folder, "dist/cache"), "");
    await check();
    expect(readdirSync(join(folder, "dist")).sort()).toEqual(["NOTICES.txt", "cache", "harden.cjs"]);
  });
});
