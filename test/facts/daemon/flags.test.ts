import { describe, expect, test } from "vitest";
import { parseFlags } from "../../../src/facts/daemon/flags.ts";

function parse(...words: string[]): Record<string, string[]> {
  const flags = parseFlags(words.map((text) => ({ text, place: null })));
  return Object.fromEntries([...flags].map(([name, values]) => [name, values.map(({ text }) => text)]));
}

describe("dockerd's flags", () => {
  const cases: [string, string[], Record<string, string[]>][] = [
    ["a value after an equals sign or as the next word", ["--userns-remap=default", "--log-level", "debug"], { "userns-remap": ["default"], "log-level": ["debug"] }],
    ["a bare boolean is true", ["--icc", "--debug"], { icc: ["true"], debug: ["true"] }],
    ["a boolean takes no next word: dockerd refuses this, and nothing is false", ["--icc", "false"], { icc: ["true"] }],
    ["a boolean's value stands after an equals sign", ["--icc=false", "--live-restore=false"], { icc: ["false"], "live-restore": ["false"] }],
    ["several of one", ["-H", "fd://", "--host=tcp://0.0.0.0:2375", "-Hunix:///a"], { host: ["fd://", "tcp://0.0.0.0:2375", "unix:///a"] }],
    ["short ones", ["-D", "-l", "warn", "-s=vfs", "-gdata"], { debug: ["true"], "log-level": ["warn"], "storage-driver": ["vfs"], "data-root": ["data"] }],
    ["short ones in one word", ["-DH", "tcp://x"], { debug: ["true"], host: ["tcp://x"] }],
    ["a value that looks like a flag", ["--label", "--icc=false", "--iptables=false"], { label: ["--icc=false"], iptables: ["false"] }],
    ["an equals sign in a value", ["--log-opt", "max-size=10m"], { "log-opt": ["max-size=10m"] }],
    ["an empty value", ["--userns-remap="], { "userns-remap": [""] }],
    ["nothing counts after two dashes", ["--debug", "--", "--icc=false"], { debug: ["true"] }],
    ["a flag that a newer engine has", ["--brand-new", "x", "--icc=false"], { "brand-new": ["x"], icc: ["false"] }],
    ["a value that is missing at the end", ["--log-level"], { "log-level": [""] }],
  ];
  test.each(cases)("%s", (_, words, flags) => {
    expect(parse(...words)).toEqual(flags);
  });
});

test("a flag's place is its word's, or the flag itself for a running process", () => {
  const place = { file: "/etc/systemd/system/docker.service", line: 4, column: 3, endLine: 4, endColumn: 14 };
  expect(parseFlags([{ text: "--icc=false", place }]).get("icc")).toEqual([{ text: "false", place }]);
  expect(parseFlags([{ text: "-H", place: null }, { text: "fd://", place: null }]).get("host")).toEqual([
    { text: "fd://", place: { source: "daemon", key: "--host" } },
  ]);
});
