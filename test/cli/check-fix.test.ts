/** `harden check --fix`, `--diff` and `--unsafe` as a developer meets them: what becomes of files, streams and exit codes. */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { Log } from "sarif";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";

let root: string;
beforeAll(() => { root = mkdtempSync(join(tmpdir(), "harden-fix-")); });
afterAll(() => { rmSync(root, { recursive: true }); });

/** A folder with these files. */
function plant(files: Readonly<Record<string, string>>): string {
  const folder = join(mkdtempSync(join(root, "case-")), "shop");
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

interface Outcome {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function check(folder: string, args: readonly string[], input = ""): Promise<Outcome> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [HARDEN, "check", ...args], {
    cwd: folder, input, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false, stripFinalNewline: false,
  });
  return { exitCode, stdout, stderr };
}

const read = (folder: string, name = "compose.yaml"): string => readFileSync(join(folder, name), "utf8");

/** One thing that --fix mends and, at high, one that only --unsafe does. */
const SHOP = "services:\n  web:\n    image: shop/web:4.2 # ours\n    pid: host\n";
const MENDED = `${SHOP}    security_opt:\n      - no-new-privileges:true\n`;

describe("--fix", () => {
  it("writes what cannot break a service, says so, and reports the files as they are then", async () => {
    const folder = plant({ "compose.yaml": SHOP });
    const { exitCode, stdout, stderr } = await check(folder, ["compose.yaml", "--fix", "-o", "json"]);
    expect(read(folder)).toBe(MENDED);
    expect(stderr).toMatch(/^harden: fixed 1 in compose\.yaml\nharden: \d+ more may be fixed with --unsafe, which may break a running service\n$/);
    const results = (JSON.parse(stdout) as Report).results.filter(({ status }) => status === "fail").map(({ policy }) => policy);
    expect(results).toContain("container-host-pid");
    expect(results).not.toContain("container-no-new-privileges");
    expect(exitCode).toBe(1);
    expect(readdirSync(folder)).toEqual(["compose.yaml"]);
  });

  it("changes nothing the second time, not even the file's time", async () => {
    const folder = plant({ "compose.yaml": MENDED });
    const before = statSync(join(folder, "compose.yaml"), { bigint: true });
    const { stderr } = await check(folder, ["compose.yaml", "--fix"]);
    const after = statSync(join(folder, "compose.yaml"), { bigint: true });
    expect([after.mtimeNs, after.ino]).toEqual([before.mtimeNs, before.ino]);
    expect(stderr).not.toContain("harden: fixed");
  });

  it("does with --unsafe what may break a service, and the check then passes", async () => {
    const folder = plant({ "compose.yaml": SHOP });
    expect((await check(folder, ["compose.yaml", "--fix", "--unsafe", "--fail-on", "high"])).exitCode).toBe(0);
    expect(read(folder)).not.toContain("pid: host");
    expect(read(folder).startsWith("services:\n  web:\n    image: shop/web:4.2 # ours\n")).toBe(true);
  });

  it("keeps Windows line ends, a byte order mark and a missing last line break", async () => {
    const text = "\uFEFFservices:\r\n  web:\r\n    image: shop/web:4.2";
    const folder = plant({ "compose.yaml": text, "daemon.json": '\uFEFF{\r\n  "debug": true\r\n}' });
    await check(folder, ["compose.yaml", "daemon.json", "--fix"]);
    expect(read(folder)).toBe(`${text}\r\n    security_opt:\r\n      - no-new-privileges:true`);
    expect(read(folder, "daemon.json")).toMatch(/^\uFEFF\{\r\n {2}"debug": false,\r\n {2}"log-opts": .*\r\n\}$/);
  });

  it("keeps mode and link: what a link leads to is written", async () => {
    const folder = plant({ "real/compose.yaml": SHOP });
    chmodSync(join(folder, "real/compose.yaml"), 0o640);
    symlinkSync("real/compose.yaml", join(folder, "compose.yaml"));
    await check(folder, ["compose.yaml", "--fix"]);
    expect(lstatSync(join(folder, "compose.yaml")).isSymbolicLink()).toBe(true);
    expect(statSync(join(folder, "real/compose.yaml")).mode & 0o777).toBe(0o640);
    expect(read(folder, "real/compose.yaml")).toBe(MENDED);
  });

  it("refuses a read-only file, fixes the others, and reports that one as it is", async () => {
    const folder = plant({ "a.yaml": SHOP, "b.yaml": SHOP });
    chmodSync(join(folder, "a.yaml"), 0o444);
    const { exitCode, stdout, stderr } = await check(folder, ["a.yaml", "b.yaml", "--fix", "-o", "json"]);
    expect([exitCode, read(folder, "a.yaml"), read(folder, "b.yaml")]).toEqual([2, SHOP, MENDED]);
    expect(stderr).toContain("harden: fixed 1 in b.yaml\n");
    expect(stderr).not.toContain("fixed 1 in a.yaml");
    expect(stderr).toContain("harden: a.yaml: is read-only and was not fixed\n  make it writable, or let --diff print what would change\n");
    const left = (JSON.parse(stdout) as Report).results.filter(({ policy, status }) => policy === "container-no-new-privileges" && status === "fail");
    expect(left.map(({ location }) => location?.file)).toEqual(["a.yaml"]);
  });

  it("mends the files of all kinds in one command, each of its own", async () => {
    const folder = plant({ "compose.yaml": SHOP, "daemon.json": '{"debug": true}\n', "99-site.conf": "net.ipv4.tcp_syncookies = 0\n" });
    const { stderr } = await check(folder, [".", "--fix"]);
    expect(stderr.split("\n").filter((line) => line.startsWith("harden: fixed"))).toEqual([
      "harden: fixed 1 in compose.yaml", "harden: fixed 1 in 99-site.conf", "harden: fixed 2 in daemon.json",
    ]);
    expect(read(folder, "99-site.conf")).toBe("net.ipv4.tcp_syncookies = 1\n");
  });

  it("fixes a file that several projects share once", async () => {
    const include = "include: [shared.yaml]\nservices:\n  web:\n    image: shop/web:1\n    security_opt: [no-new-privileges:true]\n";
    const folder = plant({ "a.yaml": include, "b.yaml": include, "shared.yaml": "services:\n  db:\n    image: postgres:17\n" });
    await check(folder, ["a.yaml", "b.yaml", "--fix"]);
    expect(read(folder, "shared.yaml")).toBe("services:\n  db:\n    image: postgres:17\n    security_opt:\n      - no-new-privileges:true\n");
  });

  it("leaves alone what a comment or the settings waive, and what the baseline has", async () => {
    const waived = `services:\n  # harden:ignore container-no-new-privileges -- it runs sudo\n  web:\n    image: shop/web:1\n  db:\n    image: postgres:17\n`;
    const settings = "waivers:\n  - { policy: container-no-new-privileges, resource: db, reason: it runs su }\n";
    const folder = plant({ "compose.yaml": waived, ".harden.yaml": settings });
    await check(folder, ["compose.yaml", "--fix"]);
    expect(read(folder)).toBe(waived);

    const old = plant({ "compose.yaml": SHOP });
    await check(old, ["compose.yaml", "-o", "json=old.json"]);
    writeFileSync(join(old, "compose.yaml"), `${SHOP}  db:\n    image: postgres:17\n`);
    await check(old, ["compose.yaml", "--baseline", "old.json", "--fix"]);
    expect(read(old)).toBe(`${SHOP}  db:\n    image: postgres:17\n    security_opt:\n      - no-new-privileges:true\n`);
  });

  it("leaves alone what a profile leaves out, where profiles are named", async () => {
    const text = "services:\n  web:\n    image: shop/web:1\n  tools:\n    image: shop/tools:1\n    profiles: [debug]\n";
    const folder = plant({ "compose.yaml": text });
    await check(folder, ["compose.yaml", "--compose-profile", "other", "--fix"]);
    expect(read(folder)).toBe(text.replace("  tools:", "    security_opt: [no-new-privileges:true]\n  tools:"));
  });

  it("judges by the daemon.json of the same command", async () => {
    const folder = plant({ "compose.yaml": SHOP, "daemon.json": '{"no-new-privileges": true}\n' });
    await check(folder, [".", "--fix"]);
    expect(read(folder)).toBe(SHOP);
  });

  it("says what it cannot do, and why", async () => {
    const folder = plant({ "compose.yaml": "services:\n  web:\n    image: shop/web:1\n    ports:\n      - ${PORT:-8080}:80\n" });
    const { stderr } = await check(folder, ["compose.yaml", "--fix", "--unsafe"]);
    expect(stderr).toContain("harden: not fixed: compose.yaml:5:9: container-published-all-interfaces (0.0.0.0:8080->80/tcp): its value holds a variable\n");
  });

  it("lets no policy of others loosen what it calls safe", async () => {
    const policy = `id: loosen
title: Loosen
severity: low
target: container
fail: { all: [{ fact: container, path: seccomp.unconfined, operator: equal, value: false }] }
message: "x"
rationale: x
references: []
remediation: { type: container, text: x, fix: { add: { security_opt: [seccomp=unconfined] }, safe: true } }
examples: { fail: [{ resource: { seccomp: { unconfined: false } } }], pass: [{ resource: { seccomp: { unconfined: true } } }] }
`;
    const folder = plant({ "compose.yaml": MENDED, "policies/loosen.yaml": policy });
    const { stderr } = await check(folder, ["compose.yaml", "--policies", "policies", "--fix"]);
    expect(read(folder)).toBe(MENDED);
    expect(stderr).toContain("loosen: it would bring container-seccomp-unconfined for web\n");
  });

  it("prints standard input as it has become, and nothing else there", async () => {
    const { exitCode, stdout, stderr } = await check(plant({}), ["-", "--type", "compose", "--fix"], SHOP);
    expect([exitCode, stdout]).toEqual([1, MENDED]);
    expect(stderr).toContain("harden: fixed 1 in standard input\n");
    expect((await check(plant({}), ["-", "--type", "daemon", "--fix"], '{"debug": false, "log-opts": {"max-size": "1m"}}')).stdout).toBe('{"debug": false, "log-opts": {"max-size": "1m"}}');
  });

  it("does not hide what cannot be read, and fixes the rest", async () => {
    const folder = plant({ "a.yaml": "services: [\n", "b.yaml": SHOP });
    const { exitCode, stderr } = await check(folder, ["a.yaml", "b.yaml", "--fix"]);
    expect([exitCode, read(folder, "a.yaml"), read(folder, "b.yaml")]).toEqual([2, "services: [\n", MENDED]);
    expect(stderr).toContain("a.yaml:2:1: not valid YAML");
  });
});

describe("--diff", () => {
  it("prints what --fix would change, and changes nothing", async () => {
    const folder = plant({ "compose.yaml": SHOP, "sub/db.yaml": "services:\n  db:\n    image: postgres:17\n" });
    const { exitCode, stdout, stderr } = await check(folder, ["compose.yaml", "sub/db.yaml", "--diff"]);
    expect(stdout).toBe([
      "--- compose.yaml", "+++ compose.yaml", "@@ -2,3 +2,5 @@", "   web:", "     image: shop/web:4.2 # ours", "     pid: host", "+    security_opt:", "+      - no-new-privileges:true",
      "--- sub/db.yaml", "+++ sub/db.yaml", "@@ -1,3 +1,5 @@", " services:", "   db:", "     image: postgres:17", "+    security_opt:", "+      - no-new-privileges:true", "",
    ].join("\n"));
    expect(stderr).toContain("harden: --fix would fix 1 in compose.yaml\nharden: --fix would fix 1 in sub/db.yaml\n");
    expect([exitCode, read(folder)]).toEqual([1, SHOP]);
  });

  it("is what --fix does, once patch has applied it", async () => {
    const [patched, fixed] = [plant({ "compose.yaml": SHOP }), plant({ "compose.yaml": SHOP })];
    const { stdout } = await check(patched, ["compose.yaml", "--diff", "--unsafe", "--profile", "strict"]);
    await execa("patch", ["-p0"], { cwd: patched, input: stdout });
    await check(fixed, ["compose.yaml", "--fix", "--unsafe", "--profile", "strict"]);
    expect(read(patched)).toBe(read(fixed));
    expect((await check(patched, ["compose.yaml", "--diff", "--unsafe", "--profile", "strict"])).stdout).toBe("");
  });

  it("goes before --fix, and a report may go to a file beside it", async () => {
    const folder = plant({ "compose.yaml": SHOP });
    const { stdout } = await check(folder, ["compose.yaml", "--fix", "--diff", "-o", "json=report.json"]);
    expect(stdout.startsWith("--- compose.yaml\n")).toBe(true);
    expect(read(folder)).toBe(SHOP);
    expect((JSON.parse(read(folder, "report.json")) as Report).results.length).toBeGreaterThan(1);
  });
});

describe("flags that do not go together", () => {
  it.each([
    [["compose.yaml", "--unsafe"], "harden: --unsafe goes with --fix or --diff\n  --diff --unsafe shows what it would do\n"],
    [["compose.yaml", "--diff", "-o", "json"], "harden: -o json and --diff would both go to standard output\n  give the report a file: -o json=FILE\n"],
    [["-", "--type", "compose", "--fix", "-o", "console"], "harden: -o console and --fix of standard input would both go to standard output\n  give the report a file: -o console=FILE\n"],
  ])("%j", async (args, message) => {
    const folder = plant({ "compose.yaml": SHOP });
    expect(await check(folder, args)).toEqual({ exitCode: 2, stdout: "", stderr: message });
    expect(read(folder)).toBe(SHOP);
  });
});

describe("SARIF", () => {
  it("carries for each finding the fix that mends it alone, safe or not", async () => {
    const { stdout } = await check(plant({ "compose.yaml": SHOP }), ["compose.yaml", "-o", "sarif"]);
    const results = (JSON.parse(stdout) as Log).runs[0]?.results ?? [];
    const fixesOf = (policy: string): unknown => results.find(({ ruleId }) => ruleId === policy)?.fixes;
    const change = (region: readonly number[], text?: string): unknown => [{
      artifactLocation: { uri: "compose.yaml", uriBaseId: "%SRCROOT%" },
      replacements: [{
        deletedRegion: { startLine: region[0], startColumn: region[1], endLine: region[2], endColumn: region[3] },
        ...(text === undefined ? {} : { insertedContent: { text } }),
      }],
    }];
    expect(fixesOf("container-no-new-privileges")).toEqual([
      { description: { text: "What `harden check --fix` writes." }, artifactChanges: change([4, 14, 4, 14], "\n    security_opt:\n      - no-new-privileges:true") },
    ]);
    expect(fixesOf("container-host-pid")).toEqual([{
      description: { text: "What `harden check --fix --unsafe` writes. It may break the running service: look at what it needs first." }, artifactChanges: change([4, 1, 5, 1]),
    }]);
    expect(fixesOf("container-root-user")).toBeUndefined();
  });

  it("offers what is still open after --fix, by the lines of the fixed file", async () => {
    const folder = plant({ "compose.yaml": "services:\n  web:\n    image: shop/web:4.2\n    privileged: true\n  db:\n    image: postgres:17\n    pid: host\n" });
    const { stdout } = await check(folder, ["compose.yaml", "--fix", "-o", "sarif"]);
    const pid = (JSON.parse(stdout) as Log).runs[0]?.results?.find(({ ruleId }) => ruleId === "container-host-pid");
    expect(pid?.fixes?.[0]?.artifactChanges[0]?.replacements[0]?.deletedRegion).toEqual({ startLine: 9, startColumn: 1, endLine: 10, endColumn: 1 });
    expect(read(folder).split("\n")[8]).toBe("    pid: host");
  });
});
