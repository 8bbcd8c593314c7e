/** daemon.json merged with the present one; what would hide containers in a step of its own, which is only done when asked for. */
import type { Report } from "../../policy/model/report.ts";
import type { DaemonData, Snapshot } from "../../snapshot/model.ts";
import { credentialRule } from "../../snapshot/redact/marker.ts";
import { count } from "../../text.ts";
import { listFails, toFinding, type ResultWith } from "../findings.ts";
import type { DaemonStep, Omitted, Planned } from "../model.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import { resourcesOf } from "../resources.ts";
import { describeKey, findKeyObstacle, isReloadable, valueWithout } from "./keys.ts";
import { mergeDaemonJson, readKey } from "./merge.ts";
import { describeNeed, describeTaking, findUnit } from "./restart.ts";

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
  const consent = describeHidden(snapshot);
  const asked = possible.filter(({ remediation: { set } }) => consent !== null && Object.hasOwn(set, "userns-remap"));
  const first = buildStep(data, data.configFile.text, possible.filter((result) => !asked.includes(result)), null, snapshot);
  const second = buildStep(data, first.text, asked, consent, snapshot);
  return { steps: [...first.steps, ...second.steps], omitted: [...omitted, ...first.omitted, ...second.omitted] };
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

/** The step that sets the results' keys in `before`, and the text that the file then has. */
function buildStep(data: DaemonData, before: string | null, results: readonly ResultWith<"daemon">[], consent: string | null, snapshot: Snapshot): Planned & { readonly text: string | null } {
  const { configFile: { path }, pid } = data;
  if (results.length === 0) return { steps: [], omitted: [], text: before };
  const values: Record<string, unknown> = Object.fromEntries(results.flatMap(({ remediation }) => Object.entries(remediation.set)));
  const merged = mergeDaemonJson(before, values);
  if ("fault" in merged) return { steps: [], omitted: [omit(path, merged.fault, results)], text: before };
  const after = merged.text;
  const keys = Object.keys(values).sort();
  if (after === before) return { steps: [], omitted: [omit(describeKeys(...results), `the file has it already: ${describeNeed(keys, data)}`, results)], text: before };
  const unit = findUnit(data);
  const step: DaemonStep = {
    kind: "daemon",
    id: consent === null ? "daemon" : "daemon-userns-remap",
    title: `Set ${keys.join(", ")} in ${path}`,
    findings: results.map(toFinding),
    notes: [...keys.flatMap((key) => describeKey(key) ?? []), ...describeTaking(keys, data, snapshot)],
    undo: "rollback.sh restores the file, or removes it if there was none",
    restart: describeNeed(keys, data),
    changes: keys.map((key) => ({ key, before: readKey(before, key), after: readKey(after, key) ?? "null", reload: isReloadable(key) })),
    file: { path, before, after },
    undoing: renderUndoing(before, keys),
    engine: { pid, unit, endpoint: snapshot.sources.engine.data?.endpoint ?? null },
    consent,
  };
  return { steps: [step], omitted: [], text: after };
}

/** What a reload has to find to take the keys back; null where the old file itself does it, or nothing is reloaded. */
function renderUndoing(before: string | null, keys: readonly string[]): string | null {
  const values = keys.filter((key) => readKey(before, key) === null && valueWithout(key) !== undefined).map((key) => [key, valueWithout(key)]);
  if (values.length === 0) return null;
  const merged = mergeDaemonJson(before, Object.fromEntries(values) as Record<string, unknown>);
  return "text" in merged ? merged.text : null;
}

/** userns-remap moves the engine to an empty data root: also at the next boot, when nobody watches. */
function describeHidden({ sources }: Snapshot): string | null {
  if (sources.containers.status !== "ok" || sources.images.status !== "ok") return "userns-remap hides all containers and images that there are, and the engine could not be asked";
  const containers = sources.containers.data?.length ?? 0;
  const images = sources.images.data?.length ?? 0;
  if (containers + images === 0) return null;
  return `userns-remap hides ${count(containers, "container")} and ${count(images, "image")} from the engine's next start on, a reboot included`;
}

function describeKeys(...results: readonly ResultWith<"daemon">[]): string {
  return `${results.flatMap(({ remediation: { set } }) => Object.keys(set)).join(", ")} in daemon.json`;
}

function omit(what: string, reason: string, results: readonly ResultWith<"daemon">[]): Omitted {
  return { what, reason, findings: results.map(toFinding) };
}
