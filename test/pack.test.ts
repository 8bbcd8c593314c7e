/** The tarball that npm makes: just what is needed, and it runs from it in an empty folder. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEMO_SNAPSHOT } from "../scripts/examples.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

describe("npm pack", () => {
  let folder: string;
  let files: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "harden-pack-"));
    // Built already by whoever runs the tests; a build here would take dist away from tests beside it.
    const { stdout } = await execa("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], { cwd: ROOT });
    const [pack] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
    files = (pack?.files ?? []).map(({ path }) => path);
    await execa("tar", ["-xzf", join(folder, pack?.filename ?? ""), "-C", folder]);
  }, 60_000);
  afterAll(() => { rmSync(folder, { recursive: true }); });

  it("holds the program, its policies, units, schemas and documents, and nothing else", () => {
    const kinds = new Set(files.map((file) => file.replace(/^(policies|docs)\/.*/, "$1")));
    expect([...kinds].sort()).toEqual([
      "CHANGELOG.md", "LICENSE", "README.md", "bin/harden.js", "dist/NOTICES.txt", "dist/harden.cjs", "docs", "integrations/github/action.yml", "integrations/github/check.sh",
      "integrations/gitlab/harden.gitlab-ci.yml", "integrations/pre-commit/harden-pre-commit.js", "integrations/systemd/harden-watch.service", "integrations/systemd/harden.service",
      "integrations/systemd/harden.timer", "man/harden.1", "package.json", "policies", "src/facts/daemon/daemon-config.schema.json", "src/policy/model/report.schema.json",
      "src/policy/model/settings.schema.json", "src/remediation/plan.schema.json", "src/snapshot/snapshot.schema.json",
    ]);
  });

  it("has what its documents for users point to", () => {
    // The parts of the source and the sample reports are of the repository alone.
    const isOfRepository = (target: string): boolean => /^(src\/[a-z/]+([A-Z]+\.md)?|reports\/.*|\.ci\/run)$/.test(target);
    const dead = files.filter((file) => /\.md$/.test(file)).flatMap((file) => {
      const text = readFileSync(join(folder, "package", file), "utf8").replace(/^```.*?^```/gms, "");
      return [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, target = ""]) => join(dirname(file), target)).filter((target) => !isOfRepository(target) && !existsSync(join(folder, "package", target)));
    });
    expect(dead).toEqual([]);
  });

  it("is installed alone, by npm, without a registry", async () => {
    const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "";
    const prefix = join(folder, "prefix");
    await execa("npm", ["install", "--global", "--prefix", prefix, "--offline", "--no-audit", "--no-fund", join(folder, tarball)], { cwd: folder });
    expect(readdirSync(join(prefix, "lib/node_modules"))).toEqual(["harden"]);
    expect(existsSync(join(prefix, "lib/node_modules/harden/node_modules"))).toBe(false);
    const { stdout } = await execa(join(prefix, "bin/harden"), ["policy", "list"], { cwd: folder });
    expect(stdout).toContain("container-privileged");
  }, 60_000);

  it("runs without its dependencies, in an empty folder", async () => {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [join(folder, "package/bin/harden.js"), "scan", "--snapshot", DEMO_SNAPSHOT, "-o", "html", "--fail-on", "never"], { cwd: folder, reject: false });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^<!doctype html>/);
  });
});
