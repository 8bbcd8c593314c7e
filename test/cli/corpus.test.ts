/**
 * The corpus of compose files under test/fixtures/compose: each with all that `harden check` finds in it, at the range that decides, and
 * nothing more. In policies/ stands a file for each policy, whose services bad-… fail it, open-… leave it unknown and good-… pass. In
 * merges/ stand projects of several files, with the places that brought what is found.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Log, Result as SarifResult } from "sarif";
import { beforeAll, describe, expect, it } from "vitest";
import { builtinPolicies } from "../../src/policy/builtin.ts";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { type Expectation, printExpectation, readExpectations } from "../support/compose/expectations.ts";
import { HARDEN } from "../support/harden.ts";

const ROOT = fileURLToPath(new URL("../fixtures/compose/", import.meta.url));
const FILES = readdirSync(join(ROOT, "policies")).map((name) => `policies/${name}`);
const PROJECTS = readdirSync(join(ROOT, "merges")).map((name) => `merges/${name}`);
const readLines = (file: string): string[] => readFileSync(join(ROOT, file), "utf8").split("\n");
const expectationsOf = (file: string): Expectation[] => readExpectations(file, readFileSync(join(ROOT, file), "utf8"));

let results: readonly Result[];
let sarif: readonly SarifResult[];
let texts: string;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "harden-corpus-"));
  const outputs = ["json", "sarif", "markdown", "github"].flatMap((format) => ["-o", `${format}=${join(folder, format)}`]);
  const { stderr } = await execa(process.execPath, [HARDEN, "check", "--profile", "strict", ...outputs, ...FILES, ...PROJECTS], {
    cwd: ROOT, reject: false, env: { PATH: process.env["PATH"] ?? "", HOME: "/home/user" }, extendEnv: false,
  });
  expect(stderr).toBe("");
  const read = (format: string): string => readFileSync(join(folder, format), "utf8");
  results = (JSON.parse(read("json")) as Report).results.filter(({ status, resource }) => resource.kind === "container" && (status === "fail" || status === "unknown"));
  sarif = (JSON.parse(read("sarif")) as Log).runs.flatMap((run) => run.results ?? []);
  texts = ["json", "sarif", "markdown", "github"].map(read).join("\n");
  rmSync(folder, { recursive: true });
});

function print({ status, severity, policy, element, resource, location }: Result): string {
  const { file, line, column, endColumn } = location ?? { file: "?", line: 0, column: 0, endColumn: 0 };
  return printExpectation({ file, line, column, endColumn, status: status === "fail" ? "fail" : "unknown", severity, policy, element, container: resource.name ?? "" });
}

function printRelated({ policy, resource, related = [] }: Result): string[] {
  return related.map(({ file, line, column, endColumn }) => printExpectation({ file, line, column, endColumn, status: "related", severity: "", policy, element: null, container: resource.name ?? "" }));
}

function listProject(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

describe("findings", () => {
  it.each(FILES)("of %s", (file) => {
    const found = results.filter(({ location }) => location?.file === file).map(print);
    expect(found.sort()).toEqual(expectationsOf(file).map(printExpectation).sort());
  });

  it.each(PROJECTS)("of %s, with the places that brought them", (folder) => {
    const own = results.filter(({ location }) => location?.file.startsWith(`${folder}/`));
    expect([...own.map(print), ...own.flatMap(printRelated)].sort()).toEqual(listProject(folder).flatMap(expectationsOf).map(printExpectation).sort());
  });

  it("have a place within one line each", () => {
    expect(results.filter(({ location }) => location === null || location.line !== location.endLine).map(print)).toEqual([]);
  });

  it("stand at the same range in SARIF", () => {
    const regions = sarif.map(({ locations, partialFingerprints }) => {
      const physical = locations?.[0]?.physicalLocation;
      return JSON.stringify([partialFingerprints?.["harden/v1"], physical?.artifactLocation?.uri, physical?.region]);
    });
    for (const { fingerprint, location } of results) {
      const { file = "", line: startLine, column: startColumn, endLine, endColumn } = location ?? {};
      expect(regions).toContain(JSON.stringify([fingerprint, file, { startLine, startColumn, endLine, endColumn }]));
    }
  });

  it("show no credential", () => {
    expect(texts).not.toMatch(/hunter2|AKIAIOSFODNN7EXAMPLE|20112011/);
  });
});

describe("the corpus", () => {
  it("has a file for each container policy that check can judge", () => {
    const judged = builtinPolicies().filter(({ target, on }) => target === "container" && on?.includes("check") !== false).map(({ id }) => `policies/${id}.yaml`);
    expect(FILES).toEqual(judged.sort());
  });

  it.each(FILES)("%s fails, passes and is undecided as its names say", (file) => {
    const policy = basename(file, ".yaml");
    const own = expectationsOf(file).filter((expected) => expected.policy === policy);
    const services = readLines(file).flatMap((line) => /^ {2}((?:bad|open|good)-[\w.-]+):/.exec(line)?.[1] ?? []);
    const of = (kind: string): string[] => services.filter((name) => name.startsWith(kind));
    const statuses = (name: string): string[] => own.filter(({ container }) => container.split("/")[0] === name).map(({ status }) => status);
    expect([of("bad-").filter((name) => !statuses(name).includes("fail")), of("good-").filter((name) => statuses(name).length > 0)]).toEqual([[], []]);
    expect(of("open-").filter((name) => !statuses(name).includes("unknown"))).toEqual([]);
    expect([of("bad-").length > 0, of("good-").length > 0]).toEqual([true, true]);
  });

  it("marks whole values: no caret stands under a blank or runs past the end", () => {
    const marked = FILES.flatMap((file) => expectationsOf(file).map((expected) => readLines(file)[expected.line - 1]?.slice(expected.column - 1, expected.endColumn - 1) ?? ""));
    expect(marked.filter((text) => text !== text.trim() || text === "")).toEqual([]);
  });
});

