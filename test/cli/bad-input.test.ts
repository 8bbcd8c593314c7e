/** What people and programs put where a file belongs: each is told in a line of its own, and none hides the findings of the others. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";
import { describeWith } from "../support/requirements.ts";

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "harden-bad-")); });
afterAll(() => { rmSync(folder, { recursive: true }); });

type Content = string | Uint8Array;

function write(files: Readonly<Record<string, Content>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

interface Outcome {
  readonly exitCode: number | undefined;
  /** Standard error, without the name of the program. */
  readonly told: readonly string[];
  /** `policy file:line:column` of the fails. */
  readonly fails: readonly string[];
}

/** `wrapper` is what harden's command line is handed to, for another user. */
async function check(args: readonly string[], input: Content = "", wrapper: readonly string[] = []): Promise<Outcome> {
  const [program, ...words] = [...wrapper, process.execPath, HARDEN, "check", ...args, "-o", "json"];
  const { exitCode, stdout, stderr } = await execa(program, words, {
    cwd: folder, input, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false, stripFinalNewline: true,
  });
  const results = stdout === "" ? [] : (JSON.parse(stdout) as Report).results;
  return {
    exitCode,
    told: stderr.split("\n").map((line) => line.replace(/^harden: /, "")),
    fails: results.filter(({ status }) => status === "fail").map(({ policy, location }) => `${policy} ${location === null ? "-" : `${location.file}:${location.line}:${location.column}`}`),
  };
}

const GOOD = "services:\n  web:\n    image: web:1\n    privileged: true\n";
const PRIVILEGED = "container-privileged good.yaml:4:17";

const KNOWN = "  known are compose files (*.yaml, *.yml), daemon.json, sysctl files (*.conf) and iptables-save dumps (rules.v4, rules.v6)";

/** By name: what the file holds, and every line that is told of it. */
const BAD: Readonly<Record<string, readonly [Content, ...string[]]>> = {
  "several.yaml": [
    "services:\n  web:\n    image: a: b\n  db:\n    image: 'x' y\n  c: {a: b\n  d: e}\n",
    "several.yaml:3:12: not valid YAML: Nested mappings are not allowed in compact mappings",
    "several.yaml:5:16: not valid YAML: Unexpected scalar at node end",
    "several.yaml:7:3: not valid YAML: Flow map in block collection must be sufficiently indented and end with a }",
  ],
  "tabs.yaml": ["services:\n\tweb: {image: a}\n", "tabs.yaml:2:1: not valid YAML: Tabs are not allowed as indentation", "  YAML is indented by blanks, never by tabs"],
  "duplicate.yaml": ["services:\n  web:\n    image: a\n    image: b\n", 'duplicate.yaml:4:5: the key "image" is given twice, first in line 3'],
  "windows.yaml": ["\uFEFFservices:\r\n  web:\r\n    image: a\r\n    image: b\r\n", 'windows.yaml:4:5: the key "image" is given twice, first in line 3'],
  "null.yaml": ["\uFEFFservices: null\n", "null.yaml:1:11: services takes a map, not nothing"],
  "numbers.yaml": [
    "services:\n  web:\n    image: a\n    volumes: 5\n    ports: 80\n    environment: 7\n",
    "numbers.yaml:4:14: services.web.volumes takes a list, not a number",
    "numbers.yaml:5:12: services.web.ports takes a list, not a number",
    "numbers.yaml:6:18: services.web.environment takes a list or a map, not a number",
  ],
  "empty.yaml": ["", "empty.yaml:1:1: holds nothing"],
  "comments.yaml": ["# one\n# two\n", "comments.yaml:1:1: holds nothing"],
  "scalar.yaml": ["hello\n", "scalar.yaml:1:1: a compose file is a map, not text"],
  "list.yaml": ["- a\n", "list.yaml:1:1: a compose file is a map, not a list"],
  "override.yaml": ["services:\n  web:\n    read_only: true\n", 'override.yaml:2:3: the service "web" has neither an image nor a build', "  a file that completes another one is judged with it: -f FIRST -f SECOND"],
  "nul.yaml": ["services:\n  web:\n    image: a\u0000b\n", 'nul.yaml:3:13: the character "\\u0000" cannot stand in YAML'],
  "latin.yaml": [new Uint8Array([0x61, 0xe9, 0x3a, 0x20, 0x31]), "latin.yaml: is not UTF-8 text"],
  "utf16.yaml": [new Uint8Array([0xff, 0xfe, 0x61, 0, 0x3a, 0]), "utf16.yaml: is not UTF-8 text"],
  "deep.yaml": [`services: ${"[".repeat(10_000)}\n`, "deep.yaml:1:COLUMN: nested too deeply to be read"],
  "undefined.yaml": ["services:\n  web: *nope\n", 'undefined.yaml:2:8: the alias "nope" has no anchor before it'],
  "merge.yaml": ["services:\n  web:\n    <<: 1\n    image: a\n", "merge.yaml:3:9: << takes a map or a list of maps, not a number"],
  "proto.yaml": ["__proto__: {a: b}\nservices: {web: {image: a, constructor: 1}}\n", 'proto.yaml:1:1: a compose file has no key "__proto__"', 'proto.yaml:2:28: services.web has no key "constructor"'],
  "include.yaml": ["include: [include.yaml]\nservices: {web: {image: a}}\n", "include.yaml:1:11: include leads back to where it began: include.yaml includes include.yaml"],
  "folder.yaml/x": ["", "folder.yaml: holds no file that harden knows", KNOWN],
  "includes-folder.yaml": ["include: [folder.yaml]\nservices: {web: {image: a}}\n", "includes-folder.yaml:1:11: folder.yaml cannot be read: it is a folder"],
  "large.yaml": [`# ${"x".repeat(50_000_000)}\n`, "large.yaml: is larger than 32 MiB"],
  "d/array.json": ["\n [1]", "d/array.json:2:2: is a JSON array, not an object"],
  "d/comment.json": ["{// no\n}", "d/comment.json:1:2: is no JSON: invalid comment token"],
  "d/cut.json": ['{"icc": true,\n}', "d/cut.json:2:1: is no JSON: property name expected"],
  "d/deep.json": ["[".repeat(100_000), "d/deep.json:1:1: is nested too deeply"],
  "lines.conf": [
    "# fine\nnet.ipv4.ip_forward 1\n-net.ipv4.conf.*.rp_filter\nnet.ipv4.tcp_syncookies = 1\n  oops\n",
    "lines.conf:2:1: sets no sysctl", "lines.conf:5:3: sets no sysctl", "  write KEY = VALUE; comments fill whole lines",
  ],
  "cut.rules": ["*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p\nCOMMIT\n", "cut.rules:3: -p needs a value"],
  "empty.rules": ["", "empty.rules:1: holds no table", "  iptables-save prints what is meant"],
  "garbage.rules": ["garbage\n", "garbage.rules:1: expected a table (*NAME)"],
  "notes.txt": ["x", "notes.txt: is no file that harden knows", KNOWN],
};

describe("one bad file among many", () => {
  beforeAll(() => {
    write(Object.fromEntries(Object.entries(BAD).map(([name, [content]]) => [name, content])));
    write({ "good.yaml": GOOD });
  });

  it("each is told with its places, and what can be judged is judged", async () => {
    const names = Object.keys(BAD).map((name) => name.replace(/\/x$/, ""));
    const { exitCode, told, fails } = await check([...names, "good.yaml"]);
    // What cannot be opened is told before what cannot be understood. Where Node's stack ends differs from run to run.
    expect(told.map((line) => line.replace(/(?<=^deep\.yaml:1:)\d+/, "COLUMN")).sort()).toEqual(Object.values(BAD).flatMap(([, ...lines]) => lines).sort());
    expect(exitCode).toBe(2);
    expect(fails.filter((line) => line.startsWith("container-privileged"))).toEqual([PRIVILEGED]);
  });

  it("what is no file", async () => {
    for (const [name, target] of [["dangling.yaml", "nothing"], ["loop.yaml", "loop.yaml"], ["zero.yaml", "/dev/zero"], ["memory.yaml", "/proc/self/mem"], ["endless.yaml", "/proc/self/pagemap"]] as const) {
      symlinkSync(target, join(folder, name));
    }
    execFileSync("mkfifo", [join(folder, "pipe.yaml")]);
    write({ "reads.yaml": "services: {web: {image: a, extends: {file: memory.yaml, service: x}}}\n" });
    const { exitCode, told, fails } = await check(["", "none.yaml", "good.yaml/x", "dangling.yaml", "loop.yaml", "zero.yaml", "memory.yaml", "endless.yaml", "pipe.yaml", "reads.yaml", "good.yaml", "e\u001b[2J\n.yaml"]);
    expect(told).toEqual([
      '"": cannot be read: no such file or directory',
      `  looked for from ${folder}`,
      "none.yaml: cannot be read: no such file or directory",
      '  did you mean "good.yaml"?',
      "good.yaml/x: cannot be read: not a directory",
      "dangling.yaml: cannot be read: no such file or directory",
      `  looked for from ${folder}`,
      "loop.yaml: cannot be read: too many symbolic links encountered",
      "zero.yaml: is no regular file",
      "memory.yaml: cannot be read: i/o error",
      "endless.yaml: is larger than 32 MiB",
      "pipe.yaml: is no regular file",
      "e\\u{1b}[2J\\u{a}.yaml: cannot be read: no such file or directory",
      `  looked for from ${folder}`,
      "reads.yaml:1:37: memory.yaml cannot be read: i/o error",
    ]);
    expect(exitCode).toBe(2);
    expect(fails.filter((line) => line.startsWith("container-privileged"))).toEqual([PRIVILEGED]);
  });
});

describe("a folder", () => {
  it("one bad file hides neither the others nor the project", async () => {
    write({ "mixed/compose.yaml": GOOD, "mixed/daemon.json": "{", "mixed/50.conf": new Uint8Array([0xff]), "mixed/rules.v4": "*filter\n:INPUT ACCEPT [0:0]\n", "mixed/99.conf": "net.ipv4.tcp_syncookies = 0\n" });
    const { exitCode, told, fails } = await check(["mixed"]);
    expect(told).toEqual(["mixed/50.conf: is not UTF-8 text", "mixed/daemon.json:1:2: is no JSON: close brace expected", "mixed/rules.v4:2: table filter ends without COMMIT: the dump is cut off"]);
    expect(exitCode).toBe(2);
    expect(fails).toEqual(expect.arrayContaining(["container-privileged mixed/compose.yaml:4:17", "sysctl-tcp-syncookies mixed/99.conf:1:1"]));
  });

  it("another program's .conf is none of ours, and a .env alone is no project", async () => {
    write({ "other/nginx.conf": "worker_processes 1;\n", "other/.env": "A=1\n", "other/daemon.json": "{}" });
    expect((await check(["other"])).told).toEqual([""]);
    write({ "only/nginx.conf": "worker_processes 1;\n" });
    expect((await check(["only"])).told).toEqual(["only: holds no file that harden knows", KNOWN]);
  });

  it("a .env that names the project's files makes it one", async () => {
    write({ "named/.env": "COMPOSE_FILE=a.yaml\n", "named/a.yaml": GOOD });
    expect((await check(["named"])).fails).toContain("container-privileged named/a.yaml:4:17");
  });
});

describe("what is accepted though it looks odd", () => {
  it.each<[string, string, string]>([
    ["Windows line ends and a byte order mark", `\uFEFF${GOOD.replaceAll("\n", "\r\n")}`, "compose.yaml:4:17"],
    ["JSON", '{"services": {"web": {"image": "a", "privileged": true}}}', "compose.yaml:1:51"],
    ["a line of a megabyte", `${GOOD}    command: "${"x".repeat(1_000_000)}"\n`, "compose.yaml:4:17"],
    ["names that JavaScript gives a meaning", "services:\n  __proto__: {image: a, privileged: true}\n", "compose.yaml:2:37"],
  ])("%s", async (_, text, place) => {
    write({ "odd/compose.yaml": text });
    const { told, fails } = await check(["odd/compose.yaml"]);
    expect([told, fails.filter((line) => line.startsWith("container-privileged "))]).toEqual([[""], [`container-privileged odd/${place}`]]);
  });

  it("an empty daemon.json, with a byte order mark or without: an engine with its defaults", async () => {
    write({ "odd/daemon.json": "\uFEFF", "odd/none.json": "", "odd/null.json": "null\r\n" });
    const [first, ...others] = await Promise.all(["odd/daemon.json", "odd/none.json", "odd/null.json"].map((file) => check([file])));
    expect([first?.told, first?.fails.length]).toEqual([[""], expect.any(Number)]);
    expect(others.map(({ fails, exitCode }) => [fails.map((line) => line.split(" ")[0]), exitCode])).toEqual(others.map(() => [first?.fails.map((line) => line.split(" ")[0]), first?.exitCode]));
  });
});

describe("a daemon.json that can be read: what is wrong in it is a finding", () => {
  it("wrong types, unknown and repeated keys", async () => {
    write({ "e/daemon.json": '{\n  "icc": "no",\n  "live-restor": true,\n  "iptables": true,\n  "iptables": true,\n  "hosts": "x",\n  "__proto__": {"icc": 1}\n}\n' });
    const { exitCode, told, fails } = await check(["e/daemon.json"]);
    expect([exitCode, told]).toEqual([1, [""]]);
    expect(fails.filter((line) => line.startsWith("daemon-config-invalid")).sort()).toEqual([2, 3, 5, 6, 7].map((line) => `daemon-config-invalid e/daemon.json:${line}:3`));
  });
});

describe("standard input", () => {
  it.each<[string, Content, string, string]>([
    ["not UTF-8", new Uint8Array([0xff, 0xfe]), "compose", "standard input: is not UTF-8 text"],
    ["too large", new Uint8Array(33 * 1024 * 1024).fill(0x20), "daemon", "standard input: is larger than 32 MiB"],
    ["empty", "", "compose", "-:1:1: holds nothing"],
    ["of a wrong type", "{}", "daemn", "--type daemn is no type of file"],
  ])("%s", async (_, input, type, message) => {
    const { exitCode, told } = await check(["-", "--type", type], input);
    expect([exitCode, told[0]]).toEqual([2, message]);
  });
});

describe("flags", () => {
  it.each<[string, readonly string[], string]>([
    ["--env without a name", ["--env", "=x"], "--env =x sets no variable"],
    ["--env without a value", ["--env", "A"], "--env A sets no variable"],
    ["--env-file that is malformed", ["--env-file", "bad.env"], 'bad.env:2: the name "A B" holds a blank'],
    ["--env-file that is cut off", ["--env-file", "cut.env"], "cut.env:1: a quoted value is not closed"],
    ["--config that is not valid", ["--config", "bad-settings.yaml"], 'bad-settings.yaml:1:1: unknown key "profil"'],
    ["--config that is nested without end", ["--config", "deep-settings.yaml"], "deep-settings.yaml:1:COLUMN: nested too deeply to be read"],
    ["--baseline of another program", ["--baseline", "other.json"], "other.json:1:1: the baseline is no report of harden: it has no schemaVersion"],
    ["--policies with a broken one", ["--policies", "policies"], 'policies/a.yaml:1:1: the key "title" is missing'],
    ["-o to a folder that cannot be made", ["-o", "json=good.yaml/x/report.json"], "good.yaml/x/report.json: cannot be written: not a directory"],
    ["-o to a folder", ["-o", "sarif=policies"], "policies: cannot be written: it is a folder"],
  ])("%s", async (_, flags, message) => {
    write({
      "good.yaml": GOOD, "bad.env": "# one\nA B=1\n", "cut.env": 'A="x\n', "bad-settings.yaml": "profil: strict\n", "deep-settings.yaml": `a: ${"[".repeat(30_000)}\n`, "other.json": '{"version": "2.1.0", "runs": []}', "policies/a.yaml": "id: a\n",
    });
    const { exitCode, told } = await check(["good.yaml", ...flags]);
    expect([exitCode, told[0]?.replace(/(?<=^deep-settings\.yaml:1:)\d+/, "COLUMN")]).toEqual([2, message]);
    expect(told.join("\n")).not.toMatch(/\n\s+at /);
  });

  it("--env-file that is not there: Node takes the flag for its own and ends before harden begins (nodejs/node#54232)", async () => {
    const { exitCode, told } = await check(["good.yaml", "--env-file", "no.env"]);
    expect([exitCode, told]).toEqual([9, [expect.stringMatching(/no\.env: not found$/)]]);
  });
});

describeWith({ root: true, programs: ["setpriv"] }, "another user", () => {
  it("is told what may not be read", async () => {
    write({ "closed.yaml": GOOD, "locked/compose.yaml": GOOD, "good.yaml": GOOD });
    chmodSync(join(folder, "closed.yaml"), 0o600);
    chmodSync(join(folder, "locked"), 0o700);
    chmodSync(folder, 0o755);
    const { exitCode, told, fails } = await check(["closed.yaml", "locked", "locked/compose.yaml", "good.yaml"], "", ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]);
    expect(told).toEqual(["closed.yaml", "locked", "locked/compose.yaml"].flatMap((file) => [`${file}: cannot be read: permission denied`, "  run harden as root (sudo harden …), or as a user who may"]));
    expect([exitCode, fails.includes(PRIVILEGED)]).toEqual([2, true]);
  });
});
