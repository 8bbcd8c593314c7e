/** What has our rules outlast the boot and a restart of the engine. */
import type { Ruleset } from "../../facts/model/ruleset.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import type { Report, Result } from "../../policy/model/report.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { isPodman } from "../../snapshot/podman.ts";
import { OWN_FOLDER, OWN_PROGRAM, OWN_RULES, OWN_TABLES } from "../../snapshot/own-firewall.ts";
import { toFinding } from "../findings.ts";
import { JUMPS } from "../firewall/iptables-rules.ts";
import type { Family, PersistenceStep, Planned, Step } from "../model.ts";
import { resourcesOf } from "../resources.ts";
import { renderRestoreScript } from "./restore-script.ts";
import { renderChainsFile, renderTablesFile } from "./rules-files.ts";
import { OPENRC_SERVICE, podmanService, systemdService, type Service } from "./service.ts";

const NONE: Planned = { steps: [], omitted: [] };

/**
 * Planned along with our rules (`firewall`), and where they run and no boot restores them; in both cases only if the policy on it was asked for and is not
 * waived. It closes what would be found once the rules run. Other people's rules that no file holds are for them to save.
 */
export function planPersistence(report: Report, snapshot: Snapshot, kinds: DerivedKinds, firewall: readonly Step[]): Planned {
  const asked = report.results.filter(asksForPersistence);
  const rulesets = resourcesOf(kinds, "ruleset");
  const lost = asked.filter((result) => result.status === "fail" && isOnlyOurs(result, rulesets));
  const beside = asked.filter((result) => result.status !== "fail" && isPlanned(result, firewall));
  if (asked.length === 0 || lost.length + firewall.length === 0) return NONE;
  const claimed = [...lost, ...beside].map(toFinding);
  // Where other people's rules keep the finding open, ours are to outlast the boot for what they close.
  const findings = claimed.length > 0 ? claimed : firewall.flatMap((step) => step.findings);
  const service = chooseService(snapshot);
  if (typeof service === "string") return { steps: [], omitted: [{ what: "firewall rules at boot", reason: service, findings }] };
  const files = [...listRules(firewall, snapshot), { ...service.file }]
    .map(({ path, text, executable }) => ({ path, before: readStored(path, snapshot), after: text, executable }))
    .filter(({ before, after }) => before !== after);
  const links = service.links.filter(({ path }) => readStored(path, snapshot) === null);
  if (files.length + links.length === 0) return NONE;
  const step: PersistenceStep = {
    kind: "persistence",
    id: "firewall-boot",
    title: `Have the boot restore harden's own firewall rules: ${service.file.path}`,
    findings,
    notes: [
      service.links.length > 1
        ? `the rules lie in ${OWN_FOLDER} and are loaded whenever the engine starts, by sh and the firewall's own programs; nothing of Docker's is stored`
        : `the rules lie in ${OWN_FOLDER} and are loaded at boot, by sh and the firewall's own programs`,
      ...((snapshot.sources.daemon.data?.pid ?? null) !== null && engineUnit(snapshot) === null ? ["the engine that runs now was not started by a service: started by hand at boot too, it makes its chains after these rules were loaded"] : []),
    ],
    undo: "rollback.sh removes the links and the files, or restores those that were there",
    restart: null,
    files,
    links: [...links],
  };
  return { steps: [step], omitted: [] };
}

/** Whether a result is of the policy that wants rules to outlast the boot, and counts. */
export function asksForPersistence({ remediation, waiver }: Result): boolean {
  return waiver === null && remediation?.type === "firewall" && remediation.protection === "persistence";
}

/** Whether the steps have rules for the family. */
function isPlanned({ resource }: Result, firewall: readonly Step[]): boolean {
  return firewall.some((step) => (step.kind === "iptables" && step.family === resource.id) || (step.kind === "nft" && step.families.some((family) => family === resource.id)));
}

/** Whether all that a reboot would lose of the family is ours. */
function isOnlyOurs({ resource }: Result, rulesets: readonly Ruleset[]): boolean {
  const unsaved = rulesets.find(({ id }) => id === resource.id)?.unsaved ?? [];
  return unsaved.length > 0 && unsaved.every((rule) => rule.startsWith("filter -A HARDEN-") || JUMPS.some(({ from, to }) => rule === `filter -A ${from} -j ${to}`));
}

function listRules(firewall: readonly Step[], snapshot: Snapshot): Service["file"][] {
  const chains = (["v4", "v6"] as const).map((family) => ({ family, file: renderChainsFile(family, firewall, snapshot) }));
  const tables = renderTablesFile(firewall, snapshot);
  const programOf = (family: Family): string | null => chains.find((one) => one.family === family)?.file?.program ?? null;
  return [
    ...chains.flatMap(({ family, file }) => (file === null ? [] : [{ path: OWN_RULES[family], text: file.text, executable: false }])),
    ...(tables === null ? [] : [{ path: OWN_TABLES, text: tables, executable: false }]),
    { path: OWN_PROGRAM, text: renderRestoreScript({ v4: programOf("v4"), v6: programOf("v6"), nft: tables !== null }), executable: false },
  ];
}

/** The service, or why there is none. */
function chooseService({ sources }: Snapshot): Service | string {
  const { data, status, detail } = sources["saved-rules"];
  const unread = (data ?? []).find(({ path, error }) => path.startsWith(OWN_FOLDER) && error !== null);
  if (data === null) return detail ?? status;
  if (unread !== undefined) return `${unread.path} cannot be read: ${unread.error ?? ""}`;
  const boot = sources.boot.data;
  const services = boot?.services ?? (boot?.loader === "systemd" ? "systemd" : null);
  if (services === "systemd") return chooseUnit(sources);
  if (services === "openrc") return OPENRC_SERVICE;
  return "neither systemd nor OpenRC starts this host's services: have its boot run apply.sh firewall after the engine";
}

/** With podman the unit that a Docker of the same host already has stays as it is. */
function chooseUnit(sources: Snapshot["sources"]): Service {
  if (!isPodman(sources.engine.data?.version ?? null)) return systemdService(engineUnit({ sources }) ?? "docker.service");
  const engine = (sources["saved-rules"].data ?? []).map(({ path }) => /^\/etc\/systemd\/system\/(.+\.service)\.wants\/harden-firewall\.service$/.exec(path)?.[1]).find((unit) => unit !== undefined);
  return engine === undefined || !UNIT_NAME.test(engine) ? podmanService() : systemdService(engine);
}

function engineUnit({ sources }: Pick<Snapshot, "sources">): string | null {
  const path = sources.daemon.data?.units.find((unit) => unit.path.endsWith(".service"))?.path;
  const name = path?.slice(path.lastIndexOf("/") + 1);
  return name !== undefined && UNIT_NAME.test(name) ? name : null;
}

/** systemd.unit(5), "Units": nothing that would end the line or be another word. */
const UNIT_NAME = /^[\w:.\\@-]+\.service$/;

function readStored(path: string, { sources }: Snapshot): string | null {
  return sources["saved-rules"].data?.find((file) => file.path === path)?.text ?? null;
}
