/** The protective rule set: for which families, by which mechanism, and what it closes. */
import type { ParameterValues } from "../../policy/parameters.ts";
import type { Report, Result } from "../../policy/model/report.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { listFails, listUnknowns, toFinding } from "../findings.ts";
import type { Family, Finding, IptablesStep, Limits, NftStep, Omitted, Planned } from "../model.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import { resourcesOf } from "../resources.ts";
import { listBridges, type Bridges } from "./bridges.ts";
import { renderIptablesRules } from "./iptables-rules.ts";
import { chooseLimits } from "./limits.ts";
import { chooseMechanism } from "./mechanism.ts";
import { nftTable, renderNftTables } from "./nft-tables.ts";
import { findOwnRules } from "./own-rules.ts";

/** What a family's protection needs to know. */
interface Need {
  readonly family: Family;
  readonly findings: readonly Finding[];
}

/**
 * A family is protected when a policy on its ports or its rule set fails, and where a port is published beyond loopback of which it cannot be told:
 * what is unknown because of a rule that harden does not understand leads to the rule set all the same.
 */
export function planFirewall(report: Report, snapshot: Snapshot, kinds: DerivedKinds, parameters: ParameterValues): Planned {
  const needs = listNeeds(report, kinds);
  if (needs.length === 0) return { steps: [], omitted: [] };
  const bridges = listBridges(resourcesOf(kinds, "network"), snapshot);
  const limits = chooseLimits(parameters);
  const chosen = needs.map((need) => ({ need, mechanism: chooseMechanism(need.family, snapshot, kinds) }));
  const iptables = chosen.flatMap(({ need, mechanism }) =>
    mechanism.kind === "iptables" ? [planIptables(need, mechanism.backend, snapshot, bridges, limits)] : []);
  const byNft = chosen.flatMap(({ need, mechanism }) => (mechanism.kind === "nft" ? [{ ...need, why: mechanism.why }] : []));
  return {
    steps: [...iptables, ...(byNft.length === 0 ? [] : [planNft(byNft, snapshot, bridges, limits)])],
    omitted: chosen.flatMap(({ need, mechanism }) => (mechanism.kind === "none" ? [omit(need, mechanism.reason)] : [])),
  };
}

function listNeeds(report: Report, kinds: DerivedKinds): Need[] {
  const fails = listFails(report, "firewall").filter(({ remediation }) => remediation.protection !== "persistence");
  const unknowns = listUnknowns(report, "firewall").filter(({ remediation }) => remediation.protection === "limits");
  const published = new Set(resourcesOf(kinds, "port").flatMap((port) => (port.loopback ? [] : [port.family])));
  return (["v4", "v6"] as const).flatMap((family): Need[] => {
    const failing = fails.filter((result) => familyOf(result) === family);
    if (!published.has(family) && failing.length === 0) return [];
    const open = unknowns.filter((result) => familyOf(result) === family);
    return failing.length + open.length === 0 ? [] : [{ family, findings: [...failing, ...open].map(toFinding) }];
  });
}

/** Rule sets are called v4 and v6, and the ids of ports begin so. */
function familyOf({ resource }: Result): Family | null {
  const [, family] = /^(v4|v6)(?: |$)/.exec(resource.id ?? "") ?? [];
  return family === "v4" || family === "v6" ? family : null;
}

function planIptables({ family, findings }: Need, backend: "nft" | "legacy", snapshot: Snapshot, bridges: Bridges, limits: Limits): IptablesStep {
  const dump = snapshot.sources.iptables.data?.dumps.find((candidate) => candidate.backend === backend && candidate.family === family);
  const own = findOwnRules(dump ?? { backend, family, program: "", status: "absent", detail: null, text: null });
  return {
    kind: "iptables",
    id: `firewall-${family}`,
    title: `Limit what visitors may do, ${family}: chains HARDEN-* behind INPUT and DOCKER-USER`,
    findings: [...findings],
    notes: describeEffects(bridges, limits),
    undo: "rollback.sh removes the two jumps and the chains",
    restart: null,
    family,
    backend,
    program: `${family === "v4" ? "iptables" : "ip6tables"}-${backend}`,
    limits,
    before: own.text,
    after: renderIptablesRules(family, bridges.names, limits, own.missingJumps),
  };
}

function planNft(needs: readonly (Need & { readonly why: string })[], snapshot: Snapshot, bridges: Bridges, limits: Limits): NftStep {
  const families = needs.map(({ family }) => family);
  return {
    kind: "nft",
    id: `firewall-nft-${families.join("-")}`,
    title: `Limit what visitors may do, ${families.join(" and ")}: own nft table${families.length > 1 ? "s" : ""} ${families.map(nftTable).join(" and ")}`,
    findings: needs.flatMap(({ findings }) => findings),
    notes: [...needs.map(({ why }) => `${why}: own nft tables do not need it`), ...describeEffects(bridges, limits)],
    undo: "rollback.sh deletes the tables, or restores those that were there",
    restart: null,
    families,
    limits,
    before: families.filter((family) => hasOwnTable(snapshot, family)),
    after: renderNftTables(families, bridges.names, limits),
  };
}

function hasOwnTable(snapshot: Snapshot, family: Family): boolean {
  const objects: unknown = snapshot.sources.nftables.data?.["nftables"];
  const wanted = nftTable(family);
  return Array.isArray(objects) && objects.some((object: { table?: { family?: unknown; name?: unknown } } | null) =>
    `${String(object?.table?.family)} ${String(object?.table?.name)}` === wanted);
}

function describeEffects({ refused, foreign }: Bridges, { rate, burst, connections, logRate }: Limits): string[] {
  return [
    `each source gets ${rate} connection attempts a second, ${burst} at once, and ${connections} parallel connections; scans are dropped; ${logRate} log lines a minute`,
    "connections that are open now go on; visitors behind one proxy or NAT address share its limits",
    ...(foreign.length === 0 ? [] : [
      `the host has interfaces of its own called br-… (${foreign.map((name) => JSON.stringify(name)).join(", ")}): bridges are named one by one, and a new network needs a new plan`,
    ]),
    ...(refused.length === 0 ? [] : [
      `not covered: ${refused.map((name) => JSON.stringify(name)).join(", ")}, a bridge whose name cannot stand in a rule`,
    ]),
  ];
}

function omit({ family, findings }: Need, reason: string): Omitted {
  return { what: `firewall rules ${family}`, reason, findings: [...findings] };
}
