/** Steps of a plan for a sandbox, as the planners make them. */
import { hostname } from "node:os";
import { JUMPS, renderIptablesRules } from "../../src/remediation/firewall/iptables-rules.ts";
import { DEFAULT_LIMITS } from "../../src/remediation/firewall/limits.ts";
import { renderNftTables } from "../../src/remediation/firewall/nft-tables.ts";
import type { DaemonStep, IptablesStep, NftStep, Plan, Step, SysctlStep } from "../../src/remediation/model.ts";

const common = { findings: [], notes: [], undo: "", restart: null, title: "" };
const BRIDGES = [{ name: "docker0", prefix: false }, { name: "br-", prefix: true }];

export function iptablesStep(family: "v4" | "v6", backend: "nft" | "legacy", limits = DEFAULT_LIMITS): IptablesStep {
  const program = `${family === "v4" ? "iptables" : "ip6tables"}-${backend}`;
  return { kind: "iptables", ...common, id: `firewall-${family}`, family, backend, program, limits, before: null, after: renderIptablesRules(family, BRIDGES, limits, JUMPS) };
}
export const nftStep = (...families: ("v4" | "v6")[]): NftStep =>
  ({ kind: "nft", ...common, id: "nft", families, limits: DEFAULT_LIMITS, before: [], after: renderNftTables(families, BRIDGES, DEFAULT_LIMITS) });
export const sysctlStep = (values: Record<string, string>, path = "/etc/sysctl.d/zz-harden.conf", before: string | null = null): SysctlStep => ({
  kind: "sysctl", ...common, id: "sysctl", modules: { path: "/etc/modules-load.d/harden.conf", before: null, after: "nf_conntrack\n" },
  changes: Object.entries(values).map(([key, after]) => ({ key, before: null, after, boot: null, policies: [], revertible: true })),
  file: { path, before, after: Object.entries(values).map(([key, value]) => `${key} = ${value}\n`).join("") },
});
export const daemonStep = (path: string, before: string | null, changes: Partial<DaemonStep> = {}): DaemonStep =>
  ({ kind: "daemon", ...common, id: "daemon", changes: [], undoing: null, engine: { pid: null, unit: null, endpoint: null }, file: { path, before, after: '{"icc": false}\n' }, consent: null, restart: "restart it", ...changes });
export const planOf = (steps: readonly Step[], host = hostname()): Plan =>
  ({ schemaVersion: "1", tool: { name: "harden", version: "1" }, host, collectedAt: "2026-01-01T00:00:00Z", policies: [], steps: [...steps], advice: [], omitted: [] });
