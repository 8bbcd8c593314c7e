/** Runs the built harden on a machine that is less than whole: another user, programs that are missing. */
import { execa } from "execa";
import type { Report, Result } from "../../src/policy/model/report.ts";
import { HARDEN } from "./harden.ts";

export interface Attempt {
  readonly exitCode: number;
  readonly stderr: string;
  readonly report: Report;
}

/** Scans by `wrapper` (setpriv, unshare …), which gets harden's command line behind its own words. Throws if there is no report. */
export async function scanBy(wrapper: readonly string[], environment: Readonly<Record<string, string>>): Promise<Attempt> {
  const [program = "env", ...words] = wrapper;
  const { exitCode, stdout, stderr } = await execa(program, [...words, process.execPath, HARDEN, "scan", "--profile", "strict", "-o", "json"], {
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...environment }, extendEnv: false, reject: false, stdin: "ignore", timeout: 60_000,
  });
  if (stdout === "") throw new Error(`no report (exit ${String(exitCode)}): ${stderr}`);
  return { exitCode: exitCode ?? -1, stderr, report: JSON.parse(stdout) as Report };
}

/** Results that pass in `less` though the one who saw everything found a fault, or nothing of the kind: what was not read must never pass. */
export function listUndeservedPasses(less: Report, whole: Report): string[] {
  const key = ({ policy, resource, element }: Result): string => `${policy} ${resource.id ?? "-"} ${element ?? ""}`;
  const statuses = new Map(whole.results.map((result) => [key(result), result.status]));
  return less.results
    .filter((result) => result.status === "pass" && !["pass", "notApplicable"].includes(statuses.get(key(result)) ?? "missing"))
    .map((result) => `${key(result)}: pass, but ${statuses.get(key(result)) ?? "no such result"}`);
}

/** `name: status` of the sources that were not read whole. */
export function listTroubles(report: Report): string[] {
  return report.sources.filter(({ status }) => status !== "ok").map(({ name, status }) => `${name}: ${status}`);
}
