/** Judges a host again and again, and of it only the resources that are not what they were. */
import type { Kind, Resource } from "../facts/resource.ts";
import type { CompiledPolicy } from "./compile.ts";
import { concerns } from "./concerns.ts";
import { type DerivedKinds, evaluateResource } from "./evaluate.ts";
import type { Result } from "./model/report.ts";
import { absenceResult } from "./result.ts";
import { fingerprint } from "./fingerprint.ts";

/** What a resource was when it was judged, as a digest, and what came of it. */
interface Judged {
  readonly digest: string;
  readonly results: readonly Result[];
}

export interface Evaluation {
  /** The same results as `evaluatePolicies` gives, in the order of kind, resource, policy. */
  readonly results: Result[];
  /** How many resources were judged anew. */
  readonly judged: number;
}

/** A judge of these policies, who remembers the resources of the last time. What a policy says of a resource hangs on nothing but the resource. */
export function rememberEvaluations(policies: readonly CompiledPolicy[]): (kinds: DerivedKinds) => Evaluation {
  const byKind = Map.groupBy(policies, ({ policy }) => policy.target);
  const known = new Map<Kind, ReadonlyMap<string, Judged>>();
  return (kinds) => {
    const results: Result[] = [];
    let judged = 0;
    for (const [kind, compiled] of byKind) {
      const derived = kinds[kind];
      if (derived === undefined) continue;
      const before = known.get(kind);
      const now = new Map<string, Judged>();
      for (const resource of derived.resources) {
        const digest = digestOf(resource);
        const same = before?.get(resource.id);
        if (same?.digest !== digest) judged++;
        const entry = same?.digest === digest ? same : { digest, results: compiled.flatMap((one) => judge(one, resource)) };
        now.set(resource.id, entry);
        for (const result of entry.results) results.push(result);
      }
      known.set(kind, now);
      for (const one of compiled) {
        const isAbsent = !derived.resources.some((resource) => concerns(one.policy, resource));
        if (isAbsent || derived.source.status !== "ok") results.push(absenceResult(one.policy, derived.source, fingerprint));
      }
    }
    return { results, judged };
  };
}

function judge(compiled: CompiledPolicy, resource: Resource): Result[] {
  return concerns(compiled.policy, resource) ? evaluateResource(compiled, resource) : [];
}

/** Resources are plain data: their JSON is all that there is. */
function digestOf(resource: Resource): string {
  return process.getBuiltinModule("node:crypto").hash("sha256", JSON.stringify(resource), "base64");
}
