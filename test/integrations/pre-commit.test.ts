/** The hook before the real pre-commit: which commits it lets pass. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cloneWorkTree, git, GIT_ENVIRONMENT, writeFiles } from "../support/git.ts";
import { findJudge, ROOT } from "../support/judges.ts";
import { listFiles } from "../support/readme.ts";
import { describeWith } from "../support/requirements.ts";

const PRE_COMMIT = findJudge("pre-commit");
const HOOK = join(ROOT, "integrations/pre-commit/harden-pre-commit.js");

const SOUND = "services:\n  web:\n    image: web:1.2\n    user: '1000'\n    cap_drop: [ALL]\n    security_opt: ['no-new-privileges:true']\n";

describeWith({ programs: ["git"], files: [PRE_COMMIT] }, "pre-commit", () => {
  let folder: string;
  let project: string;

  const preCommit = (...args: readonly string[]): ReturnType<typeof git> =>
    execa(PRE_COMMIT, [...args], { cwd: project, env: { ...GIT_ENVIRONMENT, PRE_COMMIT_HOME: join(folder, "home") }, extendEnv: false, reject: false, all: true })
      .then(({ exitCode, all }) => ({ exitCode, output: all }));

  /** A repository that uses the hook as it stands here, run without being installed first: `entry` instead of the installed program. */
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "harden-pre-commit-"));
    const hooks = join(folder, "harden");
    mkdirSync(hooks);
    const revision = await cloneWorkTree(hooks, [".pre-commit-hooks.yaml"]);
    project = join(folder, "shop");
    writeFiles(project, {
      ".pre-commit-config.yaml": `repos:\n  - repo: ${hooks}\n    rev: ${revision}\n    hooks:\n      - id: harden\n        language: system\n        entry: ${process.execPath} ${HOOK}\n`,
    });
    await git(project, ["init", "--quiet", "--initial-branch=main"]);
    expect(await preCommit("install")).toMatchObject({ exitCode: 0 });
  });
  afterEach(() => { rmSync(folder, { recursive: true }); });

  const commit = async (files: Readonly<Record<string, string>>): Promise<{ landed: boolean; output: string }> => {
    writeFiles(project, files);
    await git(project, ["add", "--all"]);
    const { exitCode, output } = await git(project, ["commit", "--message=change"], { PRE_COMMIT_HOME: join(folder, "home") });
    return { landed: exitCode === 0, output };
  };

  it("takes the manifest", async () => {
    expect(await preCommit("validate-manifest", join(ROOT, ".pre-commit-hooks.yaml"))).toEqual({ exitCode: 0, output: "" });
  });

  it("takes the configuration that README shows", async () => {
    const config = listFiles(readFileSync(join(ROOT, "README.md"), "utf8")).get(".pre-commit-config.yaml") ?? "";
    writeFiles(project, { "readme.yaml": config });
    expect([config.includes("- id: harden\n"), await preCommit("validate-config", "readme.yaml")]).toEqual([true, { exitCode: 0, output: "" }]);
  });

  it("refuses a commit with a fault, at its line, and takes it once it is mended", async () => {
    const refused = await commit({ "compose.yaml": `${SOUND}    privileged: true\n` });
    expect([refused.landed, refused.output.includes("container-privileged"), refused.output.includes("at compose.yaml:7:17")], refused.output).toEqual([false, true, true]);
    expect(await commit({ "compose.yaml": SOUND })).toMatchObject({ landed: true, output: expect.stringMatching(/harden\.+Passed/) as string });
  });

  it("judges an override by what it is merged with, and each folder once", async () => {
    expect((await commit({ "deploy/compose.yaml": SOUND })).landed).toBe(true);
    const { landed, output } = await commit({ "deploy/compose.override.yaml": "services:\n  web:\n    privileged: true\n", "deploy/compose.yaml": `${SOUND}    init: true\n` });
    expect([landed, output.match(/^ +at \S+:\d+:17$/gm)], output).toEqual([false, ["    at deploy/compose.override.yaml:3:17"]]);
  });

  it("says where a file is broken", async () => {
    const { landed, output } = await commit({ "docker-compose.prod.yml": "services:\n  web: [\n", "daemon.json": "{}" });
    expect([landed, output.includes("harden: docker-compose.prod.yml:3:1: not valid YAML")], output).toEqual([false, true]);
  });

  it("leaves alone what it does not know", async () => {
    expect(await commit({ "values.yaml": "services: 5\n", "package.json": "{" })).toMatchObject({ landed: true, output: expect.stringMatching(/no files to check\)Skipped/) as string });
  });

  it("is given the files that harden knows, by name", async () => {
    const known = [
      "compose.yaml", "compose.yml", "compose.override.yaml", "compose.prod.yml", "compose-dev.yaml", "docker-compose.yml", "docker-compose.override.yml", "docker-compose.ci-1.yaml",
      "a/b/docker-compose.yaml", "daemon.json", "etc/docker/daemon.json", "etc/sysctl.d/99-host.conf", "etc/sysctl.conf", "etc/iptables/rules.v4", "rules.v6",
    ];
    const others = ["composer.yaml", "my-compose.yaml", "docker-composer.yml", "compose.yaml.j2", "compose.json", "notdaemon.json", "etc/nginx.conf", "sysctl.d/README", "rules.v4.bak", "compose/values.yaml"];
    writeFiles(project, Object.fromEntries([...known, ...others].map((name) => [name, ""])));
    await git(project, ["add", "--all"]);
    writeFiles(project, { "echo.yaml": `repos:\n  - repo: ${join(folder, "harden")}\n    rev: ${(await git(join(folder, "harden"), ["rev-parse", "HEAD"])).output}\n    hooks:\n      - id: harden\n        language: system\n        entry: printf '=%s\\n'\n` });
    const { output } = await preCommit("run", "--config", "echo.yaml", "--all-files", "--verbose");
    expect([...output.matchAll(/^=(.*)$/gm)].map(([, name]) => name).sort()).toEqual([...known].sort());
  });
});
