/** A snapshot of a host, judged. */
import type { CompiledPolicy } from "../policy/compile.ts";
import type { DerivedKinds } from "../policy/evaluate.ts";
import type { ParameterValues } from "../policy/parameters.ts";
import type { Report, Result } from "../policy/model/report.ts";
import type { LocatedSettings } from "../policy/settings.ts";
import type { Snapshot } from "../snapshot/model.ts";
import { isCrictl } from "./crictl.ts";
import { say, tellSteps } from "./progress.ts";
import { VERSION } from "./version.ts";

export interface Judged {
  readonly report: Report;
  /** What was derived from the snapshot on the way. */
  readonly kinds: DerivedKinds;
}

/** Where judging differs from that of one scan. */
interface Ways {
  /** With what stands where and who gets to what, which takes time on a large host. */
  readonly withTopology?: boolean;
  /** For who judges again and again; else every resource is judged. */
  readonly evaluate?: (kinds: DerivedKinds) => Result[];
  /** What the host is called; else what the snapshot calls it. */
  readonly name?: string;
  /** Whether the terminal is told of what takes long. */
  readonly isTold?: boolean;
}

export async function judgeHost(
  snapshot: Snapshot, compiled: readonly CompiledPolicy[], settings: LocatedSettings | null, { withTopology = false, evaluate, name = nameHost(snapshot) ?? "unknown", isTold = true }: Ways = {},
): Promise<Judged> {
  const [{ deriveFacts }, { evaluatePolicies }, { applyWaivers }, { buildReport, listSources }] = await Promise.all([
    import("../facts/derive.ts"), import("../policy/evaluate.ts"), import("../policy/waive.ts"), import("../policy/report.ts"),
  ]);
  const tell = isTold ? say : () => undefined;
  const kinds = deriveFacts(snapshot, compiled.map(({ policy }) => policy.target), isTold ? tellSteps() : undefined);
  tell(describeWork(snapshot, compiled.length));
  const results = evaluate?.(kinds) ?? evaluatePolicies(compiled, kinds);
  const judged = applyWaivers(results, settings, snapshot.collectedAt, compiled.map(({ policy }) => policy.id));
  const head = {
    tool: { name: "harden", version: VERSION },
    generatedAt: snapshot.collectedAt,
    target: { kind: "host", name },
    sources: listSources(snapshot).filter(({ status }) => status === "ok" || !isCrictl(snapshot)),
    ...(withTopology ? await describeTopology(snapshot, tell) : {}),
  };
  return { report: buildReport(head, judged), kinds };
}

function describeWork(snapshot: Snapshot, policies: number): string {
  const { length } = snapshot.sources.containers.data ?? [];
  return `judging ${length} container${length === 1 ? "" : "s"}${isCrictl(snapshot) ? "" : ", the rule sets and the host"} by ${policies} policies …`;
}

/** Only what was read is told of. */
async function describeTopology(snapshot: Snapshot, tell: (text: string) => void): Promise<Pick<Report, "topology" | "reachability">> {
  const [{ deriveTopology }, { deriveReachability }] = await Promise.all([import("../facts/topology.ts"), import("../facts/reachability.ts")]);
  const topology = deriveTopology(snapshot);
  tell("asking who gets from where to what …");
  const reachability = deriveReachability(snapshot);
  return { ...(topology === null ? {} : { topology }), ...(reachability === null ? {} : { reachability }) };
}

/** The values in force, by policy. */
export function parametersOf(compiled: readonly CompiledPolicy[]): ParameterValues {
  return Object.fromEntries(compiled.map(({ policy, parameters: { value } }) => [policy.id, value as Record<string, unknown>]));
}

/** A remote engine's host is called what the engine says it is. Null where the snapshot does not tell. */
export function nameHost({ sources: { engine, host } }: Snapshot): string | null {
  const remote = engine.data !== null && !engine.data.local ? engine.data.info["Name"] : null;
  return typeof remote === "string" ? remote : (host.data?.hostname ?? null);
}
