/** Runs the built harden as a user does. */
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Report, Result } from "../../src/policy/model/report.ts";

export const HARDEN = fileURLToPath(new URL("../../bin/harden.js", import.meta.url));

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `environment` is added to an almost empty one: no colours, no DOCKER_HOST and no Docker context of this machine. */
export async function runHarden(args: readonly string[], environment: Readonly<Record<string, string>> = {}, input = ""): Promise<Run> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [HARDEN, ...args], {
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/", DOCKER_CONFIG: "/nonexistent", ...environment },
    extendEnv: false,
    reject: false,
    input,
    timeout: 60_000,
    stripFinalNewline: false,
  });
  return { exitCode: exitCode ?? -1, stdout, stderr };
}

/** Scans and parses the JSON report, whatever the exit code. */
export async function scan(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Report> {
  const run = await runHarden(["scan", "-o", "json", ...args], environment);
  try {
    return JSON.parse(run.stdout) as Report;
  } catch {
    throw new Error(`harden printed no report (exit ${run.exitCode}): ${run.stderr}`);
  }
}

/** One line a result: `status policy resource [element]`, sorted. */
export function listResults(results: readonly Result[]): string[] {
  return results.map(({ status, policy, resource, element }) => `${status} ${policy} ${resource.id ?? "-"}${element === null ? "" : ` [${element}]`}`).sort();
}
