/** The tarball that npm makes: just what is needed, and it runs from it in an empty folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

  it("holds the program, its policies and units, and nothing else", () => {
    const kinds = new Set(files.map((file) => file.replace(/^(policies)\/.*/, "$1").replace(/^dist\/cache\/.*/, "dist/cache")));
    expect([...kinds].filter((file) => !file.startsWith("dist/cache")).sort()).toEqual([
      "CHANGELOG.md", "LICENSE", "README.md", "bin/harden.js", "dist/NOTICES.txt", "dist/harden.cjs", "integrations/pre-commit/harden-pre-commit.js",
      "integrations/systemd/harden-watch.service", "integrations/systemd/harden.service", "integrations/systemd/harden.timer", "man/harden.1", "package.json", "policies",
    ]);
  });

  it("runs without its dependencies, in an empty folder", async () => {
    const { exitCode, stdout, stderr } = await execa(process.execPath, [join(folder, "package/bin/harden.js"), "scan", "--snapshot", DEMO_SNAPSHOT, "-o", "html", "--fail-on", "never"], { cwd: folder, reject: false });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^<!doctype html>/);
  });
});
