/** What crictl prints is a part of a node: only what it tells of is judged. */
import type { CompiledPolicy } from "../policy/compile.ts";
import type { Condition, Policy } from "../policy/model/policy.ts";
import type { Snapshot } from "../snapshot/model.ts";

/** Facts of a container that the node's kernel and rules tell, and crictl does not. */
const FACTS_OF_NODE = ["listeners", "kernelDrift", "exposure"];
/** What Docker's containers may have and a pod's cannot, so that there is nothing to judge. */
const FACTS_OF_DOCKER = ["onDefaultBridge", "hostUserns", "joinedNamespaces", "composeDrift"];
const NO_FACTS_OF_PODS: readonly string[] = [...FACTS_OF_NODE, ...FACTS_OF_DOCKER];

export function isCrictl({ tool }: Snapshot): boolean {
  return tool.name === "crictl";
}

/** Whether the snapshot defines what a policy judges: everything, unless crictl printed it. */
export function isDefined({ target, each, fail }: Policy, snapshot: Snapshot): boolean {
  if (!isCrictl(snapshot)) return true;
  if (target !== "container") return target === "image" && snapshot.sources.images.status === "ok";
  const judged = each ?? listPaths(fail);
  return judged.length === 0 || judged.some((path) => !NO_FACTS_OF_PODS.includes(path.split(".")[0] ?? ""));
}

/** Of pods the kubelet makes the containers: who changes them changes a specification, and no plan can. */
export function adviseForPods(compiled: CompiledPolicy): CompiledPolicy {
  const { policy } = compiled;
  return policy.inPod === undefined ? compiled : { ...compiled, policy: { ...policy, remediation: { type: "manual", text: `In the pod's specification: ${policy.inPod}` } } };
}

/** What a condition reads of the container. */
function listPaths(condition: Condition): string[] {
  if ("all" in condition) return condition.all.flatMap(listPaths);
  if ("any" in condition) return condition.any.flatMap(listPaths);
  if ("not" in condition) return listPaths(condition.not);
  return condition.fact === "container" && condition.path !== undefined ? [condition.path] : [];
}
