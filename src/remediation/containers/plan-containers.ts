/**
 * Limits of processes and restart policies of containers as they run. Memory and CPUs are not among them: an engine takes no limit of memory back from a
 * container that had none ("Minimum memory limit allowed is 6MB"), and none of CPUs without a trace that keeps `docker update --cpus` out; they are told.
 */
import { booleanAt } from "../../facts/raw.ts";
import { lookUp } from "../../facts/resource.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import type { Report } from "../../policy/model/report.ts";
import type { ContainerAnswer, Snapshot } from "../../snapshot/model.ts";
import { isPodman } from "../../snapshot/podman.ts";
import { compareText, count } from "../../text.ts";
import { listFails, toFinding, type ResultWith } from "../findings.ts";
import type { ContainersStep, Omitted, Planned } from "../model.ts";
import { resourcesOf } from "../resources.ts";
import { readSetting, type Setting } from "./settings.ts";

type Change = ContainersStep["changes"][number];
interface Wish {
  readonly result: ResultWith<"container">;
  readonly setting: Setting;
  readonly after: string;
}

/** Only values that the policies in force name: how many processes a service needs only its people know. */
export function planContainers(report: Report, snapshot: Snapshot, kinds: DerivedKinds): Planned {
  const wishes = listFails(report, "container").flatMap(findWish);
  const endpoint = snapshot.sources.engine.data?.endpoint ?? "";
  if (wishes.length === 0) return { steps: [], omitted: [] };
  if (!endpoint.startsWith("unix:///")) return { steps: [], omitted: wishes.map((wish) => omit(wish, "the engine is not reached by a socket of this host")) };
  if (isPodman(snapshot.sources.engine.data?.version ?? null)) return { steps: [], omitted: wishes.map((wish) => omit(wish, "podman's Docker API does not take it: make the container anew")) };
  const judged = wishes.map((wish) => ({ wish, change: findChange(wish, snapshot, kinds) }));
  const omitted = judged.flatMap(({ wish, change }) => (typeof change === "string" ? [omit(wish, change)] : []));
  const possible = judged.flatMap(({ wish, change }) => (typeof change === "string" ? [] : [{ wish, change }]));
  if (possible.length === 0) return { steps: [], omitted };
  const step: ContainersStep = {
    kind: "containers",
    id: "containers",
    title: `Change ${count(possible.length, "setting")} of containers as they run`,
    findings: possible.map(({ wish }) => toFinding(wish.result)),
    notes: ["a container that is created anew starts with what its compose file or its command says: change that too"],
    undo: "rollback.sh sets the old values again",
    restart: null,
    socket: endpoint.slice("unix://".length),
    changes: possible.map(({ change }) => change).sort((a, b) => compareText(`${a.name} ${a.setting}`, `${b.name} ${b.setting}`)),
  };
  return { steps: [step], omitted };
}

function findWish(result: ResultWith<"container">): Wish[] {
  const { pids, restart } = result.remediation.update ?? {};
  if (pids !== undefined && /^[1-9]\d{0,8}$/.test(pids)) return [{ result, setting: "pids-limit", after: pids }];
  return restart !== undefined && /^(no|always|unless-stopped|on-failure(:[1-9]\d{0,5})?)$/.test(restart) ? [{ result, setting: "restart", after: restart }] : [];
}

/** The change, or why there is none. */
function findChange({ result: { resource }, setting, after }: Wish, snapshot: Snapshot, kinds: DerivedKinds): Change | string {
  const answer = findAnswer(resource.id, snapshot, kinds);
  const before = readSetting(setting, answer?.inspect);
  if (answer === null || before === null) return "the engine did not tell of the container";
  if (setting === "restart" && booleanAt(answer.inspect, "HostConfig", "AutoRemove") === true) return "the engine gives no restart policy to a container that it removes when it ends (--rm)";
  return { container: answer.id, name: answer.name, setting, before, after };
}

/** A resource of a live container has its place in the engine's answers, by name. */
function findAnswer(id: string | null, { sources }: Snapshot, kinds: DerivedKinds): ContainerAnswer | null {
  const container = resourcesOf(kinds, "container").find((one) => one.id === id);
  const place = container === undefined ? undefined : lookUp(container.origins, "");
  return place === undefined || !("source" in place) ? null : (sources.containers.data?.find(({ name }) => name === place.key) ?? null);
}

function omit({ result, setting, after }: Wish, reason: string): Omitted {
  return { what: `${setting} ${after} of ${result.resource.name ?? ""}`, reason, findings: [toFinding(result)] };
}
