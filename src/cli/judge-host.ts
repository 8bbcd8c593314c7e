/** A snapshot of a host, judged. */
import type { CompiledPolicy } from "../policy/compile.ts";
import type { DerivedKinds } from "../policy/evaluate.ts";
import type { ParameterValues } from "../policy/parameters.ts";
import type { Report, Result } from "../policy/model/report.ts";
import type { LocatedSettings } from "../policy/settings.ts";
import type { Snapshot } from "../snapshot/model.ts";
import { isCrictl } from "./crictl.ts";
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
}

export async function judgeHost(
  snapshot: Snapshot, compiled: readonly CompiledPolicy[], settings: LocatedSettings | null, { withTopology = false, evaluate, name = nameHost(snapshot) ?? "unknown" }: Ways = {},
): Promise<Judged> {
  const [{ deriveFacts }, { evaluatePolicies }, { applyWaivers }, { buildReport, listSources }] = await Promise.all([
    import("../facts/derive.ts"), import("../policy/evaluate.ts"), import("../policy/waive.ts"), import("../policy/report.ts"),
  ]);
  const kinds = deriveFacts(snapshot, compiled.map(({ policy }) => policy.target));
  const results = evaluate?.(kinds) ?? evaluatePolicies(compiled, kinds);
  const judged = applyWaivers(results, settings, snapshot.collectedAt, compiled.map(({ policy }) => policy.id));
  const head = {
    tool: { name: "harden", version: VERSION },
    generatedAt: snapshot.collectedAt,
    target: { kind: "host", name },
    sources: listSources(snapshot).filter(({ status }) => status === "ok" || !isCrictl(snapshot)),
    ...(withTopology ? await describeTopology(snapshot) : {}),
  };
  return { report: buildReport(head, judged), kinds };
}

/** Only what was read is told of. */
async function describeTopology(snapshot: Snapshot): Promise<Pick<Report, "topology" | "reachability">> {
  const [{ deriveTopology }, { deriveReachability }] = await Promise.all([import("../facts/topology.ts"), import("../facts/reachability.ts")]);
  const [topology, reachability] = [deriveTopology(snapshot), deriveReachability(snapshot)];
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
