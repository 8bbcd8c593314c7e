/** Engines of five major versions say themselves which keys they know and of which shape they are. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfigFile } from "../../../src/facts/daemon/config-file.ts";
import { KNOWN_KEYS } from "../../../src/facts/daemon/known-keys.ts";
import { findShapeFaults } from "../../../src/facts/daemon/shape-faults.ts";
import type { Shape } from "../../../src/facts/daemon/shapes.ts";
import { findEnginePath } from "../../support/engine-version.ts";
import { configuration } from "../../support/daemon-config.ts";
import { describeWith, type Needs } from "../../support/requirements.ts";

const PROVISION = fileURLToPath(new URL("../../../.ci/provision", import.meta.url));
const BUILT = Object.fromEntries(["25", "27", "28", "29"].map((major) => [major, execFileSync(PROVISION, ["where", major], { encoding: "utf8" }).trim()]));
const NEEDS: readonly (readonly [major: number, needs: Needs])[] = [
  [20, { engine: "20.10" }],
  ...Object.entries(BUILT).map(([major, built]): readonly [number, Needs] => [Number(major), major === "29" ? { engine: "29" } : { files: [`${built}/dockerd`] }]),
];

let folder = "";
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "harden-keys-")); });
afterAll(() => { rmSync(folder, { recursive: true }); });

/** What an engine says about a file; null if it would go on. 20.10 cannot be asked: it is started, and finds its pidfile taken once it has read the file. */
async function validate(text: string, major = 29): Promise<string | null> {
  const file = join(folder, "daemon.json");
  writeFileSync(file, text);
  if (major > 20) {
    const { all, exitCode } = await execa("dockerd", ["--validate", "--config-file", file], { all: true, reject: false, env: { PATH: `${BUILT[major] ?? ""}:/usr/sbin:/usr/bin:/sbin:/bin` } });
    return exitCode === 0 ? null : all;
  }
  const pidfile = join(folder, "pid");
  writeFileSync(pidfile, String(process.pid));
  const own = ["--config-file", file, "--pidfile", pidfile, "--data-root", join(folder, "data"), "--exec-root", join(folder, "exec"), "-H", `unix://${join(folder, "sock")}`];
  const { all } = await execa("dockerd", own, { all: true, reject: false, timeout: 30_000, env: { PATH: findEnginePath("20.10") } });
  return all.includes("pid file found") ? null : all;
}

/** Keys that an engine still names in order to refuse a value of them. */
const REFUSED: Readonly<Record<number, readonly [key: string, value: unknown]>> = { 25: ["oom-score-adjust", 5], 28: ["api-cors-header", "*"] };

/** All keys that are flags, each with null: what an engine does not know it lists. */
async function listUnknown(major: number): Promise<string[]> {
  const answer = await validate(JSON.stringify(Object.fromEntries([...KNOWN_KEYS.keys()].filter((key) => key !== "proxies").map((key) => [key, null]))), major);
  const [, names = ""] = /don't match any configuration option: (.*)/.exec(answer ?? "") ?? [];
  return names.split(", ").filter((name) => name !== "").sort();
}

describe.each(NEEDS)("engine %s", (major, needs) => {
  describeWith(needs, "dockerd", () => {
    it("knows the keys that are said to be its own, and no others of them", async () => {
      const [refused, value] = REFUSED[major] ?? [null];
      const foreign = [...KNOWN_KEYS].filter(([key, { since = 0, until = 99 }]) => key !== "proxies" && (major < since || major > until));
      expect([...(await listUnknown(major)), ...(refused === null ? [] : [refused])].sort()).toEqual(foreign.map(([key]) => key).sort());
      if (refused !== null) expect(await validate(JSON.stringify({ [refused]: value }), major)).toContain(refused);
      expect(((await validate('{"proxies": {"http-proxy": "http://p.example"}}', major)) === null)).toBe(major > 20);
    }, 60_000);

    it("refuses others", async () => {
      expect(await validate('{"iptable": false}', major)).toContain("iptable");
    }, 60_000);
  });
});

/** Values that no such shape takes, by the path that leads to them. */
function misfits(shape: Shape): { readonly path: readonly (string | number)[]; readonly value: unknown }[] {
  if (shape === "anything") return [];
  if (typeof shape === "string") return { boolean: ["x"], string: [1], integer: ["x", 1.5], address: ["x", 1], size: ["x", 1] }[shape].map((value) => ({ path: [], value }));
  if ("oneOf" in shape) return [{ path: [], value: "x" }, { path: [], value: 1 }];
  if ("list" in shape) return [{ path: [], value: "x" }, ...misfits(shape.list).map(({ path, value }) => ({ path: [0, ...path], value }))];
  const members = "map" in shape ? { x: shape.map } : shape.members;
  return [{ path: [], value: 1 }, ...Object.entries(members).flatMap(([name, member]) => misfits(member).map(({ path, value }) => ({ path: [name, ...path], value })))];
}

function wrap(path: readonly (string | number)[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  return typeof first === "number" ? [wrap(rest, value)] : { [first]: wrap(rest, value) };
}

describeWith({ engine: "29" }, "dockerd 29 --validate", () => {
  const keys = [...KNOWN_KEYS].filter(([, { until }]) => until === undefined);

  it.each(keys)("%s takes what fits its shape only", async (key, { shape }) => {
    for (const { path, value } of misfits(shape)) {
      const text = JSON.stringify({ [key]: wrap(path, value) });
      expect([text, await validate(text)]).toEqual([text, expect.stringMatching(/cannot unmarshal|invalid|not supported|don't match/i)]);
    }
  }, 60_000);

  it("takes names of flags and does nothing with them", async () => {
    expect(await validate('{"host": 5, "log-opt": 5, "http-proxy": 5}')).toBeNull();
  });

  it.each([
    ['{"default-ulimits": {"nofile": {"hrad": 5}}}', null],
    ['{"default-ulimits": {"nofile": {"HARD": 5}}}', null],
    ['{"builder": {"gcc": {}}}', null],
    ['{"proxies": {"foo": "x"}}', "foo"],
    ['{"proxies": {"HTTP-proxy": "x"}}', "HTTP-proxy"],
    ['{"proxies": null}', "proxies"],
    ['{"nri-opts": {"Enable": true}}', null],
    ['{"nri-opts": {"enabled": true}}', "enabled"],
    ['{"log-level": "Debug", "log-format": ""}', null],
    ['{"log-level": "warning"}', "warning"],
    ['{"firewall-backend": "IPTables"}', "firewall-backend"],
    ['{"mtu": 1400.0}', "mtu"],
    ['{"mtu": 14e2}', "mtu"],
    ['{"default-shm-size": "64 MB"}', null],
    ['{"default-shm-size": null}', "invalid size"],
    ['{"mtu": null}', null],
    ['{"dns": ["", "fe80::1%eth0"]}', null],
    ['{"icc": false, "icc": true}', null],
  ])("as it is written here: %s", async (text, refused) => {
    const [key = ""] = Object.keys(JSON.parse(text) as object);
    const file = parseConfigFile("daemon.json", text);
    const faults = [...file.values].flatMap(([name, value]) => findShapeFaults(value, KNOWN_KEYS.get(name)?.shape ?? "anything", 29));
    expect([key, faults.some(({ fault }) => fault.includes("does not start"))]).toEqual([key, refused !== null]);
    const answer = await validate(text);
    if (refused === null) expect(answer).toBeNull();
    else expect(answer).toContain(refused);
  });

  it("starts with what fits, and with nothing else", async () => {
    await fc.assert(fc.asyncProperty(configuration(), async (config) => {
      const text = JSON.stringify(config);
      const { values } = parseConfigFile("daemon.json", text);
      const faults = [...values].flatMap(([key, value]) => findShapeFaults(value, KNOWN_KEYS.get(key)?.shape ?? "anything", 29));
      expect([text, (await validate(text)) !== null]).toEqual([text, faults.some(({ fault }) => fault.includes("does not start"))]);
    }), { numRuns: 40 });
  }, 120_000);
});
