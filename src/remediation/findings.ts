/** Which results of a report lead to remediation, and of which kind. */
import type { Remediation } from "../policy/model/policy.ts";
import type { Report, Result } from "../policy/model/report.ts";
import type { Finding } from "./model.ts";

/** A result with the remediation of the type that was asked for. */
export type ResultWith<T extends Remediation["type"]> = Result & { readonly remediation: Extract<Remediation, { type: T }> };

/** Unwaived fails whose remediation is of that type. */
export function listFails<T extends Remediation["type"]>(report: Report, type: T): ResultWith<T>[] {
  return report.results.filter((result): result is ResultWith<T> => result.status === "fail" && isOpen(result, type));
}

/** A result whose remediation says what to change on a container: in its compose file, or in the command that makes it. */
export type ContainerFail = ResultWith<"container"> | ResultWith<"compose">;

/** Unwaived fails of containers whose remediation says what to change. */
export function listContainerFails(report: Report): ContainerFail[] {
  return [...listFails(report, "container"), ...listFails(report, "compose")].filter(({ resource, remediation }) => resource.kind === "container" && remediation.fix !== undefined);
}

/** Unwaived results of that type that cannot be told. */
export function listUnknowns<T extends Remediation["type"]>(report: Report, type: T): ResultWith<T>[] {
  return report.results.filter((result): result is ResultWith<T> => result.status === "unknown" && isOpen(result, type));
}

export function toFinding({ policy, status, severity, resource, element, fingerprint }: Result): Finding {
  return { policy, status: status === "fail" ? "fail" : "unknown", severity, resource, element, fingerprint };
}

function isOpen(result: Result, type: Remediation["type"]): boolean {
  return result.waiver === null && result.remediation?.type === type;
}
