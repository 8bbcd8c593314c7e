import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseConfigFile } from "../../../src/facts/daemon/config-file.ts";
import { daemonConfigSchema } from "../../../src/facts/daemon/config-schema.ts";
import { KNOWN_KEYS } from "../../../src/facts/daemon/known-keys.ts";
import { findShapeFaults } from "../../../src/facts/daemon/shape-faults.ts";
import { configuration } from "../../support/daemon-config.ts";

const validate = new Ajv({ strict: false }).compile(daemonConfigSchema());

it("says of any file what daemon-config-invalid says of it", () => {
  fc.assert(fc.property(configuration(), (config) => {
    const { values } = parseConfigFile("daemon.json", JSON.stringify(config));
    const faults = [...values].flatMap(([key, value]) => findShapeFaults(value, KNOWN_KEYS.get(key)?.shape ?? "anything", Number.NaN));
    expect([JSON.stringify(config), validate(config)]).toEqual([JSON.stringify(config), faults.length === 0]);
  }), { numRuns: 500 });
});

it.each([
  ['{"iptable": false}', false],
  ['{"builder": {"GC": {"Enabled": true}}}', true],
  ['{"builder": {"gc": {"enabled": 1}}}', false],
  ['{"builder": {"GC": {"ENABLED": 1}}}', false],
  ['{"default-ulimits": {"nofile": {"Hrad": 1}}}', false],
  ['{"log-level": "DEBUG"}', true],
  ['{"log-level": "loud"}', false],
  ['{"default-shm-size": "64 MiB"}', true],
  ['{"default-shm-size": "64 cats"}', false],
  ['{"proxies": {"HTTP-PROXY": "x"}}', false],
  ['{"icc": null}', true],
  ["[]", false],
])("%s", (text, valid) => {
  expect(validate(JSON.parse(text))).toBe(valid);
});
