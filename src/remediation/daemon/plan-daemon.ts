/** daemon.json merged with the present one. It is installed, never put in force: that takes a reload or a restart by a person. */
import type { Report } from "../../policy/model/report.ts";
import type { DaemonData, Snapshot } from "../../snapshot/model.ts";
import { credentialRule } from "../../snapshot/redact/marker.ts";
import { listFails, toFinding, type ResultWith } from "../findings.ts";
import type { DaemonStep, Finding, Omitted, Planned } from "../model.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import { resourcesOf } from "../resources.ts";
import { describeKey, findKeyObstacle, isReloadable } from "./keys.ts";
import { mergeDaemonJson, readKey } from "./merge.ts";

export function planDaemon(report: Report, snapshot: Snapshot, kinds: DerivedKinds): Planned {
  const results = listFails(report, "daemon").filter(({ remediation }) => Object.keys(remediation.set).length > 0);
  if (results.length === 0) return { steps: [], omitted: [] };
  const { data, detail } = snapshot.sources.daemon;
  const obstacle = data === null ? (detail ?? "the configuration was not read") : findFileObstacle(data);
  if (data === null || obstacle !== null) return { steps: [], omitted: [omit("daemon.json", obstacle ?? "", results)] };
  const [daemon] = resourcesOf(kinds, "daemon");
  const judged = results.map((result) => ({ result, reason: firstObstacle(result, (key) => findKeyObstacle(key, daemon, snapshot)) }));
  const possible = judged.flatMap(({ result, reason }) => (reason === null ? [result] : []));
  const omitted = judged.flatMap(({ result, reason }) => (reason === null ? [] : [omit(describeKeys(result), reason, [result])]));
  if (possible.length === 0) return { steps: [], omitted };
  const values: Record<string, unknown> = Object.fromEntries(possible.flatMap(({ remediation }) => Object.entries(remediation.set)));
  const merged = mergeDaemonJson(data.configFile.text, values);
  if ("fault" in merged) return { steps: [], omitted: [...omitted, omit(data.configFile.path, merged.fault, possible)] };
  if (merged.text === data.configFile.text) {
    const reason = "the file has it already: the engine has to be restarted (systemctl restart docker)";
    return { steps: [], omitted: [...omitted, omit(describeKeys(...possible), reason, possible)] };
  }
  return { steps: [buildStep(data, values, merged.text, possible.map(toFinding), snapshot)], omitted };
}

/** Why the file as a whole must not be replaced. */
function findFileObstacle({ configFile: { path, text, error }, rootless }: DaemonData): string | null {
  if (rootless) return `the engine is rootless: ${path} belongs to its user, who has to change it`;
  if (error !== null && error !== "ENOENT") return `${path} cannot be read (${error}), and replacing it would lose what it holds`;
  if (!/^\/[^\p{Cc}]+$/u.test(path)) return `${JSON.stringify(path)} is no path that a script should write to`;
  if (text !== null && credentialRule(text) !== null) return `${path} holds a credential, which the snapshot left out: change the file by hand`;
  return null;
}

function firstObstacle({ remediation: { set } }: ResultWith<"daemon">, find: (key: string) => string | null): string | null {
  for (const key of Object.keys(set)) {
    const obstacle = find(key);
    if (obstacle !== null) return obstacle;
  }
  return null;
}

function buildStep({ configFile: { path, text } }: DaemonData, values: Readonly<Record<string, unknown>>, after: string, findings: Finding[], snapshot: Snapshot): DaemonStep {
  const keys = Object.keys(values).sort();
  return {
    kind: "daemon",
    id: "daemon",
    title: `Set ${keys.join(", ")} in ${path}`,
    findings,
    notes: keys.flatMap((key) => describeKey(key) ?? []),
    undo: "rollback.sh restores the file, or removes it if there was none",
    restart: keys.every(isReloadable) ? "the engine has to be reloaded (systemctl reload docker)" :
      "the engine has to be restarted (systemctl restart docker), which stops containers unless live-restore is in force",
    changes: keys.map((key) => ({ key, before: readKey(text, key), after: readKey(after, key) ?? "null" })),
    file: { path, before: text, after },
    consent: keys.includes("userns-remap") ? describeHidden(snapshot) : null,
  };
}

/** userns-remap moves the engine to an empty data root: also at the next boot, when nobody watches. */
function describeHidden({ sources }: Snapshot): string | null {
  if (sources.containers.status !== "ok" || sources.images.status !== "ok") return "userns-remap hides all containers and images that there are, and the engine could not be asked";
  const containers = sources.containers.data?.length ?? 0;
  const images = sources.images.data?.length ?? 0;
  if (containers + images === 0) return null;
  return `userns-remap hides ${count(containers, "container")} and ${count(images, "image")} from the engine's next start on, a reboot included`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function describeKeys(...results: readonly ResultWith<"daemon">[]): string {
  return `${results.flatMap(({ remediation: { set } }) => Object.keys(set)).join(", ")} in daemon.json`;
}

function omit(what: string, reason: string, results: readonly ResultWith<"daemon">[]): Omitted {
  return { what, reason, findings: results.map(toFinding) };
}
