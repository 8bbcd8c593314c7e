/** Results and reports for tests of what is made from them. */
import type { Report, Result } from "../../src/policy/model/report.ts";
import { buildReport } from "../../src/policy/report.ts";

/** A failing result of severity medium; `changes` replace its fields. */
export function resultOf(policy: string, id: string, changes: Partial<Result> = {}): Result {
  const name = id.startsWith("host:") ? id.slice("host:".length) : id;
  return {
    policy, status: "fail", severity: "medium", title: `title of ${policy}`, message: `message of ${policy}`, resource: { kind: "container", id, name },
    element: null, location: null, evidence: [], references: [], remediation: null, fingerprint: `${policy} ${id}`, waiver: null, ...changes,
  };
}

export function reportOf(...results: readonly Result[]): Report {
  return buildReport({ tool: { name: "harden", version: "test" }, generatedAt: "2026-01-01T00:00:00.000Z", target: { kind: "host", name: "test-host" }, sources: [] }, results);
}

export const WAIVER: NonNullable<Result["waiver"]> = { policy: "*", resource: "*", reason: "accepted", owner: null, expires: null };
