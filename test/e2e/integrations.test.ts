/** Installed as a user has it, from a repository that nothing was built in: by pre-commit and by GitHub's action. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { cloneWorkTree, git, GIT_ENVIRONMENT, writeFiles } from "../support/git.ts";
import { findJudge } from "../support/judges.ts";
import { describeWith } from "../support/requirements.ts";
import { type Action, runStep } from "../support/runner.ts";

const PRE_COMMIT = findJudge("pre-commit");
const BAD = "services:\n  web:\n    image: a\n    privileged: true\n";
const MINUTES = 60_000;

/** What this machine says about npm and the network, without what npm tells the scripts that it runs: it would act upon that. */
const MACHINE = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_(?!config_(registry|cache|cafile|userconfig|.*proxy)$)|INIT_CWD$|NODE_OPTIONS$|VITEST)/i.test(name)));

describeWith({ programs: ["git", "npm"], files: [PRE_COMMIT] }, "from a clean clone", () => {
  let folder: string;
  let clone: string;
  let revision: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "harden-clone-"));
    clone = join(folder, "harden");
    mkdirSync(clone);
    revision = await cloneWorkTree(clone, null);
    // A machine whose own Node is as new as harden needs it.
    mkdirSync(join(folder, "bin"));
    for (const name of ["node", "nodejs"]) symlinkSync(process.execPath, join(folder, "bin", name));
    environment = { ...(MACHINE as Record<string, string>), ...GIT_ENVIRONMENT, HOME: process.env["HOME"] ?? "/", PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`, npm_config_prefer_offline: "true" };
  });
  afterAll(() => { rmSync(folder, { recursive: true }); });

  it("pre-commit installs the hook and refuses a commit", { timeout: 10 * MINUTES }, async () => {
    const project = join(folder, "shop");
    writeFiles(project, { ".pre-commit-config.yaml": `repos:\n  - repo: ${clone}\n    rev: ${revision}\n    hooks:\n      - id: harden\n`, "compose.yaml": BAD });
    await git(project, ["init", "--quiet"]);
    await git(project, ["add", "--all"]);
    const { exitCode, all } = await execa(PRE_COMMIT, ["run"], { cwd: project, env: { ...environment, PRE_COMMIT_HOME: join(folder, "home") }, extendEnv: false, reject: false, all: true });
    expect([exitCode, all.includes("at compose.yaml:4:17")], all).toEqual([1, true]);
  });

  it("the action installs harden beside itself and checks", { timeout: 10 * MINUTES }, async () => {
    const actionPath = join(clone, "integrations/github");
    const action = parse(readFileSync(join(actionPath, "action.yml"), "utf8")) as Action;
    const [workspace, temp] = [join(folder, "work"), join(folder, "temp")];
    for (const path of [workspace, temp]) mkdirSync(path);
    writeFileSync(join(workspace, "compose.yaml"), BAD);
    const [install, check] = action.runs.steps;
    if (install === undefined || check === undefined) throw new Error("the action has no steps");
    const place = { actionPath, workspace, temp, inputs: {} };
    expect(await runStep(action, install, place, environment)).toMatchObject({ exitCode: 0 });
    expect(await runStep(action, check, place, environment)).toMatchObject({ exitCode: 1, outputs: { "exit-code": "1" }, summary: expect.stringContaining("container-privileged") as string });
  });
});
