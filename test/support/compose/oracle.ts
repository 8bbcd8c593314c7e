/** The real Compose as the judge of ours: the same files, read by both. */
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { HardenError, HardenErrors } from "../../../src/errors.ts";
import type { FileText } from "../../../src/compose/project/files.ts";
import { type ComposeProject, loadProject } from "../../../src/compose/project/load-project.ts";

const PROVISION = fileURLToPath(new URL("../../../.ci/provision", import.meta.url));

/** .ci/provision alone knows which version it builds and where. */
export function findCompose(): string {
  return join(execFileSync(PROVISION, ["where-compose"], { encoding: "utf8" }).trim(), "docker-compose");
}

/** A project as it lies on a disk. */
export interface WrittenProject {
  /** Texts by path relative to the project's folder. */
  readonly files: Readonly<Record<string, string>>;
  /** What -f names, in order. */
  readonly compose: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly envFiles?: readonly string[];
}

/** `text` is what Compose printed, itself a compose file. */
export type Verdict = { readonly model: unknown; readonly text: string } | { readonly refused: string };

export function writeProject(folder: string, project: WrittenProject): void {
  for (const [path, text] of Object.entries(project.files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** What Compose makes of it: every service, whatever its profile. */
export function judge(program: string, folder: string, project: WrittenProject): Promise<Verdict> {
  const files = project.compose.flatMap((file) => ["-f", file]);
  const envFiles = (project.envFiles ?? []).flatMap((file) => ["--env-file", file]);
  const args = [...files, ...envFiles, "--profile", "*", "--all-resources", "config", "--format", "json"];
  const env = { PATH: "/usr/bin:/bin", ...project.environment };
  return new Promise((resolve) => {
    execFile(program, args, { cwd: folder, env, timeout: 30_000, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error !== null) resolve({ refused: stderr.trim().split("\n").at(-1) ?? "" });
      else resolve({ model: JSON.parse(stdout.replaceAll("$$", "$")) as unknown, text: stdout });
    });
  });
}

/** What we make of it. Only known errors, with a line each, count as refusing. */
export function load(folder: string, project: WrittenProject): { readonly project: ComposeProject } | { readonly refused: HardenError } {
  try {
    return {
      project: loadProject({
        readFile: readDisk,
        workingDirectory: folder,
        environment: project.environment,
        from: { files: project.compose },
        envFiles: project.envFiles ?? [],
      }),
    };
  } catch (error) {
    if (error instanceof HardenError) return { refused: error };
    throw error;
  }
}

/** Whether every error says where. */
export function isPlaced(error: HardenError): boolean {
  if (error instanceof HardenErrors) return error.errors.every(isPlaced);
  return error.position?.line !== undefined && error.position.line > 0;
}

export function readDisk(path: string): FileText {
  try {
    return { text: readFileSync(path, "utf8") };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const fault = code === "ENOENT" || code === "ENOTDIR" ? "missing" : code === "EISDIR" ? "folder" : "unreadable";
    return { fault, reason: code };
  }
}
