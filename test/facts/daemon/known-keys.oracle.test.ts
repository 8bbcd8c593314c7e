/** dockerd itself says which keys it knows and of which type they are. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { KNOWN_KEYS, type KeyType } from "../../../src/facts/daemon/known-keys.ts";
import { findEnginePath } from "../../support/engine-version.ts";
import { describeWith } from "../../support/requirements.ts";

/** A value of no type that a key has, but for the types that take all of them. */
const MISFITS: Readonly<Record<Exclude<KeyType, "anything">, unknown>> = {
  boolean: "x", string: 1, integer: "x", strings: [1], pools: [{ base: 1 }], texts: { x: 1 }, switches: { x: 1 }, objects: { x: 1 }, optionsByDriver: { x: { y: 1 } }, object: 1,
};

let folder = "";
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "harden-keys-")); });
afterAll(() => { rmSync(folder, { recursive: true }); });

/** What dockerd 29 says about a file. The userland proxy is off, since it asks for a program. */
async function validate(config: Readonly<Record<string, unknown>>): Promise<string> {
  const file = join(folder, "daemon.json");
  writeFileSync(file, JSON.stringify({ "userland-proxy": false, ...config }));
  const { all } = await execa("dockerd", ["--validate", "--config-file", file], { all: true, reject: false, env: { PATH: findEnginePath("29") } });
  return all;
}

describeWith({ engine: "29" }, "dockerd 29 --validate", () => {
  const keys = [...KNOWN_KEYS].filter(([, { type }]) => type !== "anything" && type !== "texts");

  it.each(keys.map(([key, { type, until }]) => [key, type, until] as const))("%s is %s", async (key, type, until) => {
    const known = until === undefined;
    if (type === "anything") return;
    expect(await validate({ [key]: MISFITS[type] })).toMatch(known ? /cannot unmarshal|invalid JSON/ : /match any configuration option/);
    if (known) expect(await validate({ [key]: null })).not.toMatch(/cannot unmarshal|match any configuration option/);
  }, 20_000);

  it("keeps to the types of what is in log-opts and proxies", async () => {
    expect(await validate({ "log-opts": { "max-file": 3 } })).toContain("cannot unmarshal");
    expect(await validate({ proxies: { "http-proxy": 3 } })).toContain("cannot unmarshal");
  });

  it("takes names of flags and does nothing with them; refuses what it does not know", async () => {
    expect(await validate({ host: 5, "log-opt": 5, "http-proxy": 5 })).toBe("configuration OK");
    expect(await validate({ iptable: false })).toContain("iptable");
  });
});
