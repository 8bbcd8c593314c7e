import { expect, it } from "vitest";
import { deriveDaemon } from "../../src/facts/daemon.ts";
import { ASSUMED, ASSUMED_DEFAULTS, readDefaults, unknownDefaults } from "../../src/facts/engine-defaults.ts";
import type { EngineDefaults } from "../../src/facts/engine-defaults.ts";
import { fragmentOf } from "../../src/snapshot/fragment.ts";

function readFile(text: string): EngineDefaults {
  const configFile = { path: "daemon.json", explicit: true, text, error: null, modifiedAt: null };
  const data = { pid: null, commandLine: null, startedAt: null, configFile, rootless: false, units: [], listeners: null };
  const [dockerd] = deriveDaemon(fragmentOf({ daemon: { status: "ok", detail: null, data } })).resources;
  if (dockerd === undefined) throw new Error("there is no daemon");
  return readDefaults(dockerd);
}
const values = (defaults: EngineDefaults): object => Object.fromEntries(Object.entries(defaults).map(([key, { value }]) => [key, value]));

it("what is assumed is what an empty daemon.json means, save for the socket that it names", () => {
  expect(values(ASSUMED_DEFAULTS)).toEqual({ ...values(readFile("{}")), hosts: [] });
  expect(new Set(Object.values(ASSUMED_DEFAULTS).map(({ place, unknown }) => unknown ?? place))).toEqual(new Set([ASSUMED]));
});

it("what a daemon.json says has its place there", () => {
  const { noNewPrivileges, cgroupNamespace, networkOptions, defaultUlimits } = readFile('{"no-new-privileges": true,\n "default-cgroupns-mode": "host", "default-network-opts": {"bridge": {"a": "b"}, "x": {}},\n "default-ulimits": {"nofile": {"Name": "nofile", "Hard": 1, "Soft": 1}}}');
  expect(noNewPrivileges).toEqual({ value: true, place: { file: "daemon.json", line: 1, column: 2, endLine: 1, endColumn: 27 }, unknown: undefined });
  expect([cgroupNamespace.value, networkOptions.value, defaultUlimits.value]).toEqual(["host", { bridge: { a: "b" }, x: {} }, ["nofile"]]);
});

it("hang on the engine's version where its defaults do", () => {
  expect(readFile("{}").ip6tables.unknown).toContain("version");
  expect(readFile('{"ip6tables": false}').ip6tables).toMatchObject({ value: false, unknown: undefined });
});

it("nothing is known where the daemon is not", () => {
  expect(new Set(Object.values(unknownDefaults("why")).map(({ unknown }) => unknown))).toEqual(new Set(["why"]));
});
