/** The GitHub action: its description before GitHub's schema and actionlint, its steps as a runner runs them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Log } from "sarif";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { git, writeFiles } from "../support/git.ts";
import { findJudge, ROOT } from "../support/judges.ts";
import { listFiles } from "../support/readme.ts";
import { describeWith } from "../support/requirements.ts";
import { type Action, type Job, runStep } from "../support/runner.ts";

const FOLDER = join(ROOT, "integrations/github");
const FILE = join(FOLDER, "action.yml");
const ACTION = parse(readFileSync(FILE, "utf8")) as Action;
const CHECK = ACTION.runs.steps.find(({ id }) => id === "check");

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "harden-github-")); });
afterEach(() => { rmSync(folder, { recursive: true }); });

describeWith({ files: [findJudge("check-jsonschema")] }, "the schema of actions", () => {
  const judge = (file: string): Promise<{ exitCode?: number; all: string }> => execa(findJudge("check-jsonschema"), ["--builtin-schema", "vendor.github-actions", file], { reject: false, all: true });

  it("takes it, and refuses one that is wrong", async () => {
    expect((await judge(FILE)).all).toBe("ok -- validation done");
    writeFileSync(join(folder, "action.yml"), readFileSync(FILE, "utf8").replace("using: composite", "using: compsite"));
    expect((await judge(join(folder, "action.yml"))).exitCode).toBe(1);
  });
});

describeWith({ programs: ["git", "shellcheck"], files: [findJudge("actionlint")] }, "README's workflow before actionlint", () => {
  it("is one, and the action takes what it is given", async () => {
    const workflow = listFiles(readFileSync(join(ROOT, "README.md"), "utf8")).get(".github/workflows/harden.yaml") ?? "";
    const lint = async (text: string): Promise<string> => {
      writeFiles(folder, { ".github/workflows/harden.yaml": text, "harden/action.yml": readFileSync(FILE, "utf8") });
      await git(folder, ["init", "--quiet"]);
      return (await execa(findJudge("actionlint"), ["-no-color", "-oneline"], { cwd: folder, reject: false, all: true })).all;
    };
    // Actionlint reads the inputs of an action only where it lies in the repository.
    const local = workflow.replace(/uses: \S+\/integrations\/github@\S+/, "uses: ./harden");
    expect([workflow === local, await lint(workflow), await lint(local)]).toEqual([false, "", ""]);
    expect(await lint(local.replace("paths:", "path:"))).toContain('input "path" is not defined in action "harden"');
  });
});

describe("scripts", () => {
  it("hold nothing that GitHub would fill in: inputs reach them by the environment", () => {
    expect(ACTION.runs.steps.flatMap(({ run }) => (run?.includes("${{") === true ? [run] : []))).toEqual([]);
    expect(Object.keys(ACTION.inputs).filter((name) => !JSON.stringify(ACTION.runs.steps).includes(`inputs.${name}`))).toEqual([]);
  });

  it("what is uploaded is what the check names, though it failed", () => {
    expect(ACTION.runs.steps.at(-1)).toEqual({
      name: "Upload to code scanning",
      if: "always() && inputs.upload == 'true' && steps.check.outputs.sarif-file != ''",
      uses: "github/codeql-action/upload-sarif@v4",
      with: { sarif_file: "${{ steps.check.outputs.sarif-file }}" },
    });
    expect(Object.values(ACTION.outputs).map(({ value }) => value)).toEqual(["${{ steps.check.outputs.exit-code }}", "${{ steps.check.outputs.sarif-file }}"]);
  });
});

describeWith({ programs: ["shellcheck"] }, "shellcheck", () => {
  it("takes the scripts", async () => {
    const runs = ACTION.runs.steps.flatMap(({ run }, index) => (run === undefined ? [] : [[`step-${index}.sh`, `#!/usr/bin/env bash\nset -eo pipefail\n${run}\n`]]));
    writeFiles(folder, Object.fromEntries(runs) as Record<string, string>);
    expect((await execa("shellcheck", ["-S", "style", join(FOLDER, "check.sh"), ...runs.map(([name = ""]) => join(folder, name))], { reject: false, all: true })).all).toBe("");
  });
});

describe("the check", () => {
  const BAD = "services:\n  web:\n    image: a\n    privileged: true\n";
  const check = async (files: Readonly<Record<string, string>>, inputs: Readonly<Record<string, string>> = {}): Promise<Job> => {
    writeFiles(join(folder, "work"), files);
    mkdirSync(join(folder, "temp"), { recursive: true });
    if (CHECK === undefined) throw new Error("there is no step check");
    return runStep(ACTION, CHECK, { actionPath: FOLDER, workspace: join(folder, "work"), temp: join(folder, "temp"), inputs });
  };
  const rulesOf = ({ outputs }: Job): string[] => {
    const [run] = (JSON.parse(readFileSync(outputs["sarif-file"] ?? "", "utf8")) as Log).runs;
    return (run?.results ?? []).map(({ ruleId = "", locations: [location] = [] }) =>
      `${ruleId} ${location?.physicalLocation?.artifactLocation?.uri ?? ""}:${location?.physicalLocation?.region?.startLine ?? ""}`);
  };

  it("fails on a fault, with annotations, a summary and SARIF", async () => {
    const job = await check({ "compose.yaml": BAD });
    expect([job.exitCode, job.outputs["exit-code"]]).toEqual([1, "1"]);
    expect(job.output).toContain("::error file=compose.yaml,line=4,endLine=4,col=17,endColumn=21,title=critical container-privileged");
    expect(job.summary).toMatch(/^## ❌ harden: \d+ fails/);
    expect(rulesOf(job)).toContain("container-privileged compose.yaml:4");
  });

  it("passes what is sound, and judges what it is told to: merged files, paths of their own", async () => {
    const files = { "compose.yaml": BAD, "a.yaml": BAD, "b.yaml": "services:\n  web:\n    network_mode: host\n", "with blank.yaml": BAD, "-x.yaml": BAD, "sound/daemon.json": '{"icc": false, "no-new-privileges": true}' };
    const rules = async (inputs: Readonly<Record<string, string>>): Promise<string[]> => rulesOf(await check(files, inputs)).filter((line) => /host-network|container-privileged /.test(line)).sort();
    expect(await rules({ files: "a.yaml\nb.yaml\n" })).toEqual(["container-host-network b.yaml:3", "container-privileged a.yaml:4"]);
    expect(await rules({ paths: "with blank.yaml\n\n-x.yaml\n" })).toEqual(["container-privileged -x.yaml:4", "container-privileged with%20blank.yaml:4"]);
    expect((await check(files, { paths: "sound" })).exitCode).toBe(0);
    expect((await check(files, { "fail-on": "never" })).exitCode).toBe(0);
  });

  it("takes a baseline", async () => {
    writeFiles(join(folder, "work"), { "compose.yaml": BAD });
    await execa(process.execPath, [join(ROOT, "bin/harden.js"), "check", ".", "-o", "json=old.json"], { cwd: join(folder, "work"), reject: false });
    expect(await check({}, { baseline: "old.json" })).toMatchObject({ exitCode: 0, outputs: { "exit-code": "0" } });
  });

  it.each([
    ["a path", { paths: "$(touch owned); `touch owned` \"; touch owned; #" }],
    ["a file", { files: "'; touch owned; '" }],
    ["a severity", { "fail-on": "high; touch owned" }],
    ["a baseline", { baseline: "$(touch owned)" }],
  ])("runs nothing that is written in %s", async (_, inputs) => {
    const { exitCode, outputs } = await check({ "compose.yaml": BAD }, inputs);
    expect([exitCode, outputs["exit-code"]]).toEqual([2, "2"]);
    expect((await execa("ls", [join(folder, "work")])).stdout).toBe("compose.yaml");
  });

  it("names no SARIF where nothing could be judged", async () => {
    const { exitCode, outputs, output, summary } = await check({ "broken.yaml": "services: [" }, { paths: "broken.yaml" });
    expect([exitCode, outputs, summary]).toEqual([2, { "exit-code": "2" }, ""]);
    expect(output).toContain("harden: broken.yaml:1:12: not valid YAML");
  });
});
