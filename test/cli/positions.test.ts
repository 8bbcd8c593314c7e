/** Ranges of findings in texts that are harder to count in: the same corpus written otherwise, and places that carets cannot mark. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";

const ROOT = fileURLToPath(new URL("../fixtures/compose/", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "harden-positions-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function check(files: ReadonlyMap<string, string>, paths: readonly string[]): Promise<readonly Result[]> {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { stdout, stderr } = await execa(process.execPath, [HARDEN, "check", "--profile", "strict", "-o", "json", ...paths], {
    cwd: folder, reject: false, env: { PATH: process.env["PATH"] ?? "", HOME: "/home/user" }, extendEnv: false,
  });
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as Report).results.filter(({ status }) => status === "fail" || status === "unknown");
}

/** What each finding's range holds, and what it is. */
function quote(files: ReadonlyMap<string, string>, { policy, resource, element, location }: Result): string {
  const { file, line, column, endLine, endColumn } = location ?? { file: "", line: 1, column: 1, endLine: 1, endColumn: 1 };
  const lines = (files.get(file) ?? "").replace(/^\uFEFF/, "").split("\n").slice(line - 1, endLine);
  const last = lines.length - 1;
  const text = lines.map((text, index) => text.slice(index === 0 ? column - 1 : 0, index === last ? endColumn - 1 : undefined)).join("\n");
  return `${policy} ${resource.id ?? ""} ${element ?? ""} ${file}: ${text}`;
}

describe("the corpus", () => {
  const original = new Map(readdirSync(ROOT, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== "recorded.json").map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(ROOT.length), readFileSync(path, "utf8")] as const;
  }));
  const paths = [...readdirSync(join(ROOT, "policies")).map((name) => `policies/${name}`), ...readdirSync(join(ROOT, "merges")).map((name) => `merges/${name}`)];
  const rewrite = (change: (text: string) => string): Map<string, string> => new Map([...original].map(([path, text]) => [path, path.endsWith(".yaml") ? change(text) : text]));
  const place = ({ location }: Result): unknown => location;

  let plain: readonly Result[];
  beforeAll(async () => {
    plain = await check(original, paths);
    expect(plain.length).toBeGreaterThan(600);
  });

  it("with Windows line ends is found at the same ranges", async () => {
    const files = rewrite((text) => text.replaceAll("\n", "\r\n"));
    const found = await check(files, paths);
    expect(found.map(place)).toEqual(plain.map(place));
    expect(found.map((result) => quote(files, result))).toEqual(plain.map((result) => quote(original, result)));
  });

  it("with a byte order mark is found at the same ranges", async () => {
    expect((await check(rewrite((text) => `\uFEFF${text}`), paths)).map(place)).toEqual(plain.map(place));
  });

  it("with lines above and blanks and tabs behind is found further down, with the same fingerprints", async () => {
    const files = rewrite((text) => `# čeština 😀\n\n${text.replaceAll(/(?<=[\w\])}"'])$/gm, "\t # 😀\t")}`);
    const found = await check(files, paths);
    const moved = plain.map(({ location }) => (location === null || !location.file.endsWith(".yaml") ? location : { ...location, line: location.line + 2, endLine: location.endLine + 2 }));
    expect(found.map(place)).toEqual(moved);
    expect(found.map(({ fingerprint }) => fingerprint)).toEqual(plain.map(({ fingerprint }) => fingerprint));
  });
});

/** A file, and what stands in the range of each finding of one policy. */
const TEXTS: readonly (readonly [name: string, policy: string, text: string, expected: readonly string[]])[] = [
  ["astral characters before the value", "container-host-pid", "services: {web: {image: a, labels: {'😀': '𝒳é'}, pid: host}}\n", ["1:56-1:60 host"]],
  ["a byte order mark before it", "container-host-pid", "\uFEFFservices: {web: {image: a, pid: host}}\n", ["1:33-1:37 host"]],
  ["a tab after the key", "container-host-pid", "services:\n  web:\n    image: a\n    pid:\thost\n", ["4:10-4:14 host"]],
  ["a folded text", "container-host-pid", "services:\n  web:\n    image: a\n    pid: >-\n      host\n", ["4:10-5:11 >-\n      host"]],
  ["a literal text", "container-secret-in-environment", "services:\n  web:\n    image: a\n    environment:\n      A: |\n        one\n        PASSWORD=hunter2\n      B: x\n", ["5:10-7:25 |\n        one\n        PASSWORD=hunter2"]],
  ["a flow list over several lines", "container-dangerous-caps", "services:\n  web:\n    image: a\n    cap_add: [\n      # first\n      NET_BIND_SERVICE, # second\n      SYS_ADMIN\n    ]\n", ["7:7-7:16 SYS_ADMIN"]],
  ["a plain text over two lines", "container-secret-in-environment", "services:\n  web:\n    image: a\n    command: run\n      --password=hunter2\n", ["4:14-5:25 run\n      --password=hunter2"]],
  ["a quoted text over two lines", "container-secret-in-environment", "services:\n  web:\n    image: a\n    command: \"run\n      --password=hunter2\"\n", ["4:14-5:26 \"run\n      --password=hunter2\""]],
  ["a long-form mount in a block", "container-sensitive-mount", "services:\n  web:\n    image: a\n    volumes:\n      -\n        target: /x\n        type: bind\n        source:\n          /etc\n", ["9:11-9:15 /etc"]],
  ["a key in quotes with an escape", "container-host-pid", 'services: {"w\\u0065b": {image: a, "pid": "host"}}\n', ['1:42-1:48 "host"']],
  ["a service that is an alias", "container-host-pid", "x-a: &a {image: a, pid: host}\nservices: {web: *a}\n", ["1:25-1:29 host"]],
  ["no line end at the end", "container-host-pid", "services: {web: {image: a, pid: host}}", ["1:33-1:37 host"]],
];

describe("a range", () => {
  it.each(TEXTS)("of %s", async (_, policy, text, expected) => {
    const files = new Map([["compose.yaml", text]]);
    const found = (await check(files, ["compose.yaml"])).filter((result) => result.policy === policy);
    expect(found.map((result) => {
      const { line, column, endLine, endColumn } = result.location ?? { line: 0, column: 0, endLine: 0, endColumn: 0 };
      return `${line}:${column}-${endLine}:${endColumn} ${quote(files, result).split(": ").slice(1).join(": ")}`;
    })).toEqual(expected);
  });
});
