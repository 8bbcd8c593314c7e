/** `harden report`: saved JSON in any format again, and several hosts as one. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Ajv } from "ajv";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEMO_SNAPSHOT, EXAMPLES } from "../../scripts/examples.ts";
import { Report } from "../../src/policy/model/report.ts";
import { HARDEN } from "../support/harden.ts";

const HOST = join(EXAMPLES, "host.json");
let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "harden-report-")); });
afterEach(() => { rmSync(folder, { recursive: true }); });

async function run(args: readonly string[], input = ""): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [HARDEN, ...args], { cwd: folder, input, reject: false, env: { PATH: process.env["PATH"] ?? "" }, extendEnv: false, stripFinalNewline: false });
  return { exitCode, stdout, stderr };
}

/** The example, as of another host. */
function writeHost(name: string, changes: Partial<Report> = {}): string {
  const report = JSON.parse(readFileSync(HOST, "utf8")) as Report;
  const file = `${name}.json`;
  writeFileSync(join(folder, file), JSON.stringify({ ...report, results: report.results.filter(({ policy }) => policy.startsWith("container-")), target: { kind: "host", name }, ...changes }));
  return file;
}

describe("one report", () => {
  it("in every format is what the scan wrote", async () => {
    const formats = ["console", "json", "sarif", "github", "gitlab", "junit", "html", "markdown", "prometheus"];
    const outputs = (prefix: string): string[] => formats.flatMap((format) => ["-o", `${format}=${prefix}/${format}`]);
    expect((await run(["scan", "--snapshot", DEMO_SNAPSHOT, "--fail-on", "never", ...outputs("scanned")])).exitCode).toBe(0);
    const rendered = await run(["report", "scanned/json", ...outputs("rendered")]);
    expect([rendered.exitCode, rendered.stderr]).toEqual([0, ""]);
    const differing = formats.filter((format) => {
      const read = (prefix: string): string => readFileSync(join(folder, prefix, format), "utf8").replaceAll("scanned/", "rendered/");
      return read("scanned") !== read("rendered");
    });
    expect(differing).toEqual([]);
  });

  it("comes from standard input as well, and goes to the console", async () => {
    const { exitCode, stdout } = await run(["report", "-"], readFileSync(HOST, "utf8"));
    expect(exitCode).toBe(0);
    expect(stdout).toBe(readFileSync(join(EXAMPLES, "host.txt"), "utf8"));
  });
});

describe("several hosts", () => {
  it("become one report that fits the schema, in which each result says where it is", async () => {
    const files = [writeHost("web-2"), writeHost("web-1")];
    const { exitCode, stderr } = await run(["report", ...files, "-o", "json=all.json", "-o", "html=all.html", "-o", "markdown"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const all = JSON.parse(readFileSync(join(folder, "all.json"), "utf8")) as Report;
    expect(new Ajv({ strict: false }).validate(Report, all)).toBe(true);
    const one = JSON.parse(readFileSync(join(folder, "web-1.json"), "utf8")) as Report;
    expect(all.target).toEqual({ kind: "hosts", name: "web-1, web-2" });
    expect(all.hosts?.map(({ name, topology }) => [name, topology?.networks.length])).toEqual([["web-1", 5], ["web-2", 5]]);
    expect(all.summary.fail).toBe(2 * one.results.filter(({ status }) => status === "fail").length);
    expect(Map.groupBy(all.results, ({ resource }) => resource.host).size).toBe(2);
    expect(new Set(all.results.map(({ fingerprint }) => fingerprint)).size).toBe(all.results.length);
    expect(all.results.every(({ message, resource }) => message.startsWith(`${resource.host ?? "?"}: `))).toBe(true);
    expect(readFileSync(join(folder, "all.html"), "utf8")).toContain("Topology on web-2");
  });

  it("are given once each, and are hosts", async () => {
    const file = writeHost("web-1");
    expect((await run(["report", file, file])).stderr).toBe('harden: web-1.json: is a second report on "web-1", after "web-1.json"\n  give the report of each host once\n');
    const files = writeHost("shop", { target: { kind: "files", name: "shop" } });
    expect(await run(["report", file, files])).toEqual({ exitCode: 2, stdout: "", stderr: 'harden: shop.json: is a report on "files": only reports on hosts are merged\n  render it alone\n' });
  });
});

describe("what is no report", () => {
  it.each([
    ["no JSON", "{,", "x.json:1:2: the report is no JSON: "],
    ["empty", "", "x.json: the report is empty"],
    ["no report", "{}", "x.json: is no report of harden: it has no schemaVersion"],
    ["another version", '{\n "schemaVersion": "2"}', 'x.json:2:19: the report has schemaVersion "2"; this harden reads "1"'],
    ["another shape", JSON.stringify({ ...(JSON.parse(readFileSync(HOST, "utf8")) as Report), summary: [] }), "x.json:1:"],
  ])("%s", async (_, text, message) => {
    writeFileSync(join(folder, "x.json"), text);
    const { exitCode, stdout, stderr } = await run(["report", "x.json", "-o", "html=x.html"]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
  });

  it("is not there", async () => {
    expect(await run(["report", "missing.json"])).toEqual({ exitCode: 2, stdout: "", stderr: `harden: missing.json: cannot be read: no such file or directory\n  looked for from ${folder}\n` });
  });
});
