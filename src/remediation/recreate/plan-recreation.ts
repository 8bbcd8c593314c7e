/** Containers that compose did not make and that have to be made anew: what of their command changes. */
import { textAt } from "../../facts/raw.ts";
import { lookUp } from "../../facts/resource.ts";
import type { Container } from "../../facts/model/container.ts";
import type { DerivedKinds } from "../../policy/evaluate.ts";
import type { Report } from "../../policy/model/report.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { listContainerFails } from "../findings.ts";
import type { Recreation } from "../model.ts";
import { resourcesOf } from "../resources.ts";
import { findRunWords } from "./run-words.ts";

/** By name. What no option of `docker run` puts right, such as a mount's source, is advice in words alone. */
export function planRecreation(report: Report, { sources }: Snapshot, kinds: DerivedKinds): Recreation[] {
  const fails = listContainerFails(report);
  const plan = (container: Container): Recreation[] => {
    const place = lookUp(container.origins, "");
    const answer = place === undefined || !("source" in place) ? undefined : sources.containers.data?.find(({ name }) => name === place.key);
    if (answer === undefined) return [];
    const made = { inspect: answer.inspect, ports: container.ports };
    const found = fails.filter(({ resource }) => resource.id === container.id).flatMap((result) => {
      const { fix } = result.remediation;
      const words = fix === undefined ? { add: [], remove: [] } : findRunWords(fix, result.element, made);
      return words.add.length + words.remove.length === 0 ? [] : [{ result, words }];
    });
    if (found.length === 0) return [];
    const add = [...new Set(found.flatMap(({ words }) => words.add))];
    return [{
      container: container.role === "infra" ? container.id : answer.name,
      ...(container.role === "infra" ? { pod: textAt(answer.inspect, "InfraOf") ?? "" } : {}),
      add: add.includes("--cap-drop ALL") ? add.filter((word) => word === "--cap-drop ALL" || !word.startsWith("--cap-drop ")) : add,
      remove: [...new Set(found.flatMap(({ words }) => words.remove))],
      findings: found.map(({ result: { policy, severity, element, fingerprint } }) => ({ policy, severity, element, fingerprint })),
    }];
  };
  return resourcesOf(kinds, "container").filter(({ project }) => project === null).flatMap(plan).sort((a, b) => (a.container < b.container ? -1 : 1));
}
