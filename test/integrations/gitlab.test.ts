/** The GitLab template: its form before GitLab's schema, its job as a runner runs it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { writeFiles } from "../support/git.ts";
import { findJudge, ROOT } from "../support/judges.ts";
import { listFiles } from "../support/readme.ts";
import { describeWith } from "../support/requirements.ts";
import { parseXml } from "../support/xml.ts";

const FILE = join(ROOT, "integrations/gitlab/harden.gitlab-ci.yml");
const TEXT = readFileSync(FILE, "utf8");

interface Template {
  readonly harden: {
    readonly before_script: readonly string[];
    readonly script: readonly string[];
    readonly artifacts: { readonly reports: { readonly codequality: string; readonly junit: string } };
  };
}

const { harden: JOB } = parse(TEXT) as Template;
const SHOWN = listFiles(readFileSync(join(ROOT, "README.md"), "utf8")).get(".gitlab-ci.yml") ?? "";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "harden-gitlab-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "work"));
  symlinkSync(process.execPath, join(folder, "bin/node"));
  symlinkSync(join(ROOT, "bin/harden.js"), join(folder, "bin/harden"));
});
afterEach(() => { rmSync(folder, { recursive: true }); });

describeWith({ files: [findJudge("check-jsonschema")] }, "GitLab's schema", () => {
  const judge = (file: string): Promise<{ exitCode?: number; all: string }> => execa(findJudge("check-jsonschema"), ["--builtin-schema", "vendor.gitlab-ci", file], { reject: false, all: true });

  it("takes the template and what README shows, and refuses what is wrong", async () => {
    writeFiles(folder, { "readme.yml": SHOWN, "wrong.yml": TEXT.replace("when: always", "when: alwys") });
    expect([(await judge(FILE)).all, (await judge(join(folder, "readme.yml"))).all, (await judge(join(folder, "wrong.yml"))).exitCode]).toEqual(["ok -- validation done", "ok -- validation done", 1]);
  });
});

it("README sets variables that the template has", () => {
  const names = Object.keys((parse(SHOWN) as { variables: object }).variables);
  expect([names.length > 0, names.filter((name) => !TEXT.includes(`\${${name}:`))]).toEqual([true, []]);
});

describe("the job", () => {
  const BAD = "services:\n  web:\n    image: a\n    privileged: true\n";
  /** A runner joins the lines and gives them to the image's shell. */
  const run = (lines: readonly string[], variables: Readonly<Record<string, string>>, shell = "sh"): Promise<{ exitCode?: number; all: string }> =>
    execa(shell, ["-ec", lines.join("\n")], { cwd: join(folder, "work"), env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, CI: "true", GITLAB_CI: "true", ...variables }, extendEnv: false, reject: false, all: true });

  it.each(["sh", "bash"])("writes both reports and fails on a fault, by %s", async (shell) => {
    writeFileSync(join(folder, "work/compose.yaml"), BAD);
    const { exitCode, all } = await run(JOB.script, {}, shell);
    expect([exitCode, all.includes("at compose.yaml:4:17")], all).toEqual([1, true]);
    const { codequality, junit } = JOB.artifacts.reports;
    const issues = JSON.parse(readFileSync(join(folder, "work", codequality), "utf8")) as { check_name: string; location: unknown }[];
    expect(issues.find(({ check_name: name }) => name === "container-privileged")?.location).toEqual({ path: "compose.yaml", lines: { begin: 4 } });
    expect(parseXml(readFileSync(join(folder, "work", junit), "utf8")).name).toBe("testsuites");
  });

  it("obeys its variables", async () => {
    writeFiles(join(folder, "work"), { "a.yaml": BAD, "b/daemon.json": '{"icc": false, "no-new-privileges": true}' });
    expect((await run(JOB.script, { HARDEN_PATHS: "a.yaml b", HARDEN_FAIL_ON: "never" })).exitCode).toBe(0);
    expect((await run(JOB.script, { HARDEN_PATHS: "b" })).exitCode).toBe(0);
    expect((await run(JOB.script, { HARDEN_PATHS: "a.yaml b" })).exitCode).toBe(1);
    await run([...JOB.script, "harden check a.yaml -o 'json=old report.json' --fail-on never"], { HARDEN_PATHS: "a.yaml", HARDEN_FAIL_ON: "never" });
    expect((await run(JOB.script, { HARDEN_PATHS: "a.yaml", HARDEN_BASELINE: "old report.json" })).exitCode).toBe(0);
  });

  it("runs nothing that a variable holds, and takes no path for a flag", async () => {
    writeFileSync(join(folder, "work/compose.yaml"), BAD);
    expect((await run(JOB.script, { HARDEN_PATHS: "$(touch owned) ;touch owned", HARDEN_FAIL_ON: "high;touch owned" })).exitCode).toBe(2);
    expect((await run(JOB.script, { HARDEN_PATHS: "--fail-on never" })).exitCode).toBe(2);
    expect(existsSync(join(folder, "work/owned"))).toBe(false);
  });

  it("says what is missing where nobody says what to install", async () => {
    expect(await run(JOB.before_script, {})).toMatchObject({ exitCode: 2, all: expect.stringContaining("HARDEN_PACKAGE: says what npm installs") as string });
  });
});
