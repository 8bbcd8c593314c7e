/**
 * `harden check daemon.json`: all that is found in the cases of test/fixtures/daemon/cases.txt, at the range that decides. A case is the
 * members that it puts before those of a sound file, or the one that it leaves out (`absent: KEY`); carets mark as in the compose corpus.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtinPolicies } from "../../src/policy/builtin.ts";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { type Expectation, printExpectation, readExpectations } from "../support/compose/expectations.ts";
import { HARDEN } from "../support/harden.ts";

const CASES = readFileSync(fileURLToPath(new URL("../fixtures/daemon/cases.txt", import.meta.url)), "utf8")
  .split(/^== /m).slice(1).map((section) => {
    const [title = "", ...lines] = section.trimEnd().split("\n");
    return { title, lines };
  });

const SOUND: Readonly<Record<string, string>> = {
  "authorization-plugins": '["opa"]', "default-ulimits": '{"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 4096}}', icc: "false", ip: '"127.0.0.1"', "live-restore": "true",
  "log-opts": '{"max-size": "10m"}', "no-new-privileges": "true", "userland-proxy": "false", "userns-remap": '"default"',
};

interface Case {
  readonly text: string;
  readonly expected: readonly string[];
}

/** Line 1 is the brace, line 2 the first of the case. */
function readCase(title: string, lines: readonly string[]): Case {
  const absent = /^absent: (.*)$/.exec(title)?.[1];
  const marked = ["{", ...lines.filter((line) => !line.startsWith("root "))];
  const own = marked.filter((line) => !line.startsWith("#"));
  const given = own.join("\n");
  const rest = Object.entries(SOUND).filter(([key]) => key !== absent && !given.includes(`"${key}"`)).map(([key, value]) => `"${key}": ${value}`);
  const text = `${given}${given !== "{" && rest.length > 0 ? "," : ""}\n${rest.join(",\n")}\n}`;
  const kept = (line: number): number => marked.slice(0, line).filter((one) => !one.startsWith("#")).length;
  const carets = readExpectations("daemon.json", marked.join("\n")).map((expectation) => ({ ...expectation, line: kept(expectation.line), container: "daemon" }));
  const ofRoot = lines.flatMap((line) => /^root (\w+) ([\w-]+)$/.exec(line)?.slice(1) ?? []);
  const root: Expectation[] = ofRoot.length === 0 ? [] : [{ file: "daemon.json", line: 1, column: 1, endColumn: 2, status: "fail", severity: ofRoot[0] ?? "", policy: ofRoot[1] ?? "", element: null, container: "daemon" }];
  return { text, expected: [...carets, ...root].map(printExpectation).sort() };
}

let root: string;
beforeAll(() => { root = mkdtempSync(join(tmpdir(), "harden-check-daemon-")); });
afterAll(() => { rmSync(root, { recursive: true }); });

async function check(text: string): Promise<{ readonly exitCode: number; readonly stderr: string; readonly results: readonly Result[] }> {
  const folder = mkdtempSync(join(root, "case-"));
  writeFileSync(join(folder, "daemon.json"), text);
  const { exitCode, stdout, stderr } = await execa(process.execPath, [HARDEN, "check", "daemon.json", "--profile", "strict", "-o", "json"], {
    cwd: folder, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false,
  });
  return { exitCode: exitCode ?? -1, stderr, results: stdout === "" ? [] : (JSON.parse(stdout) as Report).results };
}

function print({ status, severity, policy, element, location }: Result): string {
  const { line, column, endColumn } = location ?? { line: 0, column: 0, endColumn: 0 };
  return printExpectation({ file: "daemon.json", line, column, endColumn, status: status === "fail" ? "fail" : "unknown", severity, policy, element, container: "daemon" });
}

const find = (results: readonly Result[]): string[] => results.filter(({ status }) => status === "fail" || status === "unknown").map(print).sort();

describe("daemon.json", () => {
  it.each(CASES)("$title", async ({ title, lines }) => {
    const { text, expected } = readCase(title, lines);
    expect(find((await check(text)).results)).toEqual(expected);
  });

  it("has a failing case for each daemon policy that check can judge by a file alone", () => {
    const failing = new Set(CASES.flatMap(({ title, lines }) => readCase(title, lines).expected.map((line) => line.split(" ")[3])));
    const judged = builtinPolicies().filter(({ target, on }) => target === "daemon" && on?.includes("check") !== false).map(({ id }) => id);
    expect(judged.filter((id) => !failing.has(id))).toEqual([]);
  });

  it("that is empty is at fault for all that it does not say", async () => {
    for (const text of ["\n  {}", ""]) {
      const { results } = await check(text);
      const missing = ["authorization-plugin", "default-bind", "default-ulimits", "icc", "live-restore", "log-rotation", "no-new-privileges", "userland-proxy", "userns-remap"];
      expect(find(results).map((line) => line.split(" ")[3]).sort()).toEqual(missing.map((id) => `daemon-${id}`));
    }
  });

  it("behind a byte order mark is found at the same places", async () => {
    const text = '{\n  "icc": true,\n  "debug": true\n}\n';
    expect((await check(`\uFEFF${text}`)).results.map(print)).toEqual((await check(text)).results.map(print));
    expect((await check(text.replaceAll("\n", "\r\n"))).results.map(print)).toEqual((await check(text)).results.map(print));
  });

  it("whose IPv6 hangs on the engine's version is unknown", async () => {
    const { text } = readCase("", ['"ipv6": true']);
    expect(find((await check(text)).results)).toEqual(["daemon.json:1:1-2 daemon unknown medium daemon-ip6tables-disabled"]);
  });

  it.each([
    ["a comment", '{\n  // no\n  "icc": false\n}', "daemon.json:2:3"],
    ["a trailing comma", '{"icc": false,}', "daemon.json:1:15"],
    ["a list", "[]", "daemon.json:1:1"],
    ["two objects", "{}\n{}", "daemon.json:2:1"],
    ["YAML", "icc: false", "daemon.json:1:1"],
    ["single quotes", "{'icc': false}", "daemon.json:1:2"],
  ])("that is no JSON, %s, is exit 2 with its place", async (_, text, place) => {
    const { exitCode, stderr } = await check(text);
    expect([exitCode, stderr.split("\n")[0]]).toEqual([2, expect.stringContaining(`harden: ${place}`)]);
  });
});
