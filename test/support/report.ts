/** Reports for tests of the formats, written by hand. */
import type { Evidence, Report, Result } from "../../src/policy/model/report.ts";
import { buildReport, type ReportHead } from "../../src/policy/report.ts";
import { resultOf } from "./policy.ts";

/** A report of this host; counts and order are those of every report. */
export function reportOf(results: readonly Result[], changes: Partial<ReportHead> = {}): Report {
  const head = {
    tool: { name: "harden", version: "1.2.3" },
    generatedAt: "2026-01-02T03:04:05Z",
    target: { kind: "host", name: "web-1" },
    sources: [{ name: "host", status: "ok", detail: null }],
    ...changes,
  };
  return buildReport(head, results);
}

/** Evidence of a live container: what `docker inspect` says under `key`. */
export function inspected(container: string, key: string, path: string, actual: unknown): Evidence {
  return { path, operator: "equal", expected: actual, actual, unknown: null, location: { source: "containers", key: `${container} ${key}` } };
}

/** A fail of one of the container policies. */
export function containerFail(policy: string, id: string, changes: Partial<Result> = {}): Result {
  const name = id.split("/").at(-1) ?? id;
  return resultOf({
    policy,
    title: `Title of ${policy}`,
    message: `${name} is at fault`,
    resource: { kind: "container", id, name },
    fingerprint: `${policy} ${id}`,
    ...changes,
  });
}

/** An unknown of a policy for `reason`. */
export function unknownOf(policy: string, id: string, reason: string, changes: Partial<Result> = {}): Result {
  return containerFail(policy, id, {
    status: "unknown",
    message: `cannot tell whether this holds: Title of ${policy}: ${reason}`,
    evidence: [{ path: "privileged", operator: "equal", expected: true, actual: null, unknown: reason, location: null }],
    ...changes,
  });
}

/** One result of every kind there is. */
export function mixedReport(): Report {
  const { evidence, fix } = PRIVILEGED;
  return reportOf(
    [
      containerFail("container-privileged", "shop/web", {
        severity: "critical", title: "Container runs privileged", remediation: fix,
        message: "web runs privileged: every capability, every device of the host, no seccomp filter", evidence: [evidence("web")],
        references: [{ type: "cis-docker", id: "5.5" }, { type: "cwe", id: "CWE-250" }, { type: "attack", id: "T1499.001" }],
      }),
      containerFail("container-cap-drop-all", "shop/web", { severity: "medium", evidence: [evidence("web")] }),
      containerFail("container-dangerous-caps", "shop/web", { severity: "critical", evidence: [evidence("web")] }),
      containerFail("container-cap-drop-all", "shop/db", {
        severity: "medium", title: "Capabilities are kept", message: "db does not drop ALL capabilities", evidence: [inspected("db", "HostConfig.CapDrop", "capabilities.dropsAll", false)],
        remediation: { type: "container", text: "Drop ALL." },
      }),
      ...["cache", "shop/worker/2", "shop/worker"].map((id) => containerFail("container-cap-drop-all", id, {
        severity: "medium", title: "Capabilities are kept", message: `${id.startsWith("shop") ? "worker" : id} does not drop ALL capabilities`,
        resource: { kind: "container", id, name: id.startsWith("shop") ? "worker" : id }, remediation: { type: "container", text: "Drop ALL." },
        evidence: [inspected(id.startsWith("shop") ? "worker" : id, "HostConfig.CapDrop", "capabilities.dropsAll", false)],
      })),
      resultOf({
        policy: "daemon-icc", severity: "medium", title: "Containers of the default bridge reach each other", message: "dockerd allows inter-container communication",
        resource: { kind: "daemon", id: "daemon", name: "dockerd" }, location: { file: "/etc/docker/daemon.json", line: 3, column: 3, endLine: 3, endColumn: 14 },
        evidence: [{ path: "icc", operator: "equal", expected: true, actual: true, unknown: null, location: { file: "/etc/docker/daemon.json", line: 3, column: 3, endLine: 3, endColumn: 14 } }],
        remediation: { type: "daemon", text: "Set `icc` to false and restart dockerd; containers that must talk share a network of their own.", set: { icc: false } },
      }),
      unknownOf("container-root-user", "shop/web", "the image is no longer there", { severity: "medium" }),
      unknownOf("firewall-syn-flood-limit", "v4", "needs the firewall engine", { resource: { kind: "port", id: null, name: null }, evidence: [] }),
      containerFail("container-host-network", "agent", { waiver: { policy: "container-host-network", resource: "agent", reason: "it measures the host", owner: "ops", expires: "2026-12-31" } }),
      containerFail("container-root-user", "agent", { status: "pass", message: "not at fault" }),
      containerFail("container-selinux-disabled", "agent", { status: "notApplicable", message: "does not apply" }),
    ],
    {
      sources: [
        { name: "host", status: "ok", detail: null },
        { name: "containers", status: "ok", detail: "1 container was removed while harden looked" },
        { name: "nftables", status: "absent", detail: "nft is not installed" },
        { name: "conntrack", status: "denied", detail: "no permission to read /proc/net/stat/nf_conntrack: run harden as root" },
        { name: "daemon", status: "failed", detail: null },
      ],
    },
  );
}

const PRIVILEGED = {
  evidence: (name: string) => inspected(name, "HostConfig.Privileged", "privileged", true),
  fix: { type: "container", text: "Remove `privileged: true` (`--privileged`) and grant what is needed singly: `cap_add` for a capability, `devices` for a device." },
} as const;
