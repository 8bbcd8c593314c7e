/** Git repositories made for a test, apart from this machine's settings. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { ROOT } from "./judges.ts";

/** Nothing of the caller's Git: neither its settings nor the repository that a test may run in. */
export const GIT_ENVIRONMENT = {
  PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "test", GIT_AUTHOR_EMAIL: "test@localhost", GIT_COMMITTER_NAME: "test", GIT_COMMITTER_EMAIL: "test@localhost",
} as const;

export interface GitRun {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** Standard output and standard error in one. */
export async function git(folder: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<GitRun> {
  const { exitCode, all } = await execa("git", [...args], { cwd: folder, env: { ...GIT_ENVIRONMENT, ...environment }, extendEnv: false, reject: false, all: true });
  return { exitCode, output: all };
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** A repository with one commit: the files of this one as they lie here, those named or else all that Git knows or would take. */
export async function cloneWorkTree(folder: string, files: readonly string[] | null): Promise<string> {
  const names = files ?? (await execa("git", ["-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z"])).stdout.split("\0").filter((name) => name !== "");
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    copyFileSync(join(ROOT, name), join(folder, name));
  }
  await git(folder, ["init", "--quiet", "--initial-branch=main"]);
  await git(folder, ["add", "--all"]);
  const { exitCode, output } = await git(folder, ["commit", "--quiet", "--message=test"]);
  if (exitCode !== 0) throw new Error(output);
  return (await git(folder, ["rev-parse", "HEAD"])).output;
}
