/** What the facts of a container behind the Kubernetes Container Runtime Interface are read from. */
import type { ContainerAnswer } from "../../snapshot/model.ts";
import { at, textAt } from "../raw.ts";
import type { Place } from "../resource.ts";

/**
 * `spec` is the configuration that the OCI runtime was given (runtime-spec, config.md): what the kernel was told. `config` is what the kubelet asked
 * for (cri-api, ContainerConfig), which containerd tells and CRI-O does not: undefined there. `pod` is null where `crictl inspectp` was not given.
 */
export interface CriContext {
  readonly name: string;
  readonly inspect: unknown;
  readonly spec: unknown;
  readonly config: unknown;
  readonly pod: unknown;
  /** The places that the runtime keeps for this container and its pod have one of these in their path. */
  readonly ids: readonly string[];
}

export function readCri({ name, inspect, id, pod = null }: ContainerAnswer): CriContext {
  const ids = [id, textAt(inspect, "info", "sandboxID"), textAt(inspect, "status", "labels", "io.kubernetes.pod.uid")].filter((text) => text !== null && text !== "");
  return { name, inspect, spec: at(inspect, "info", "runtimeSpec"), config: at(inspect, "info", "config"), pod, ids: ids as string[] };
}

/** A key of what `crictl inspect` prints. */
export function criPlace({ name }: CriContext, key: string): Place {
  return { source: "containers", key: `${name} ${key}` };
}

export function specPlace(context: CriContext, key: string): Place {
  return criPlace(context, `info.runtimeSpec.${key}`);
}

/** Why what belongs to the pod is not known. */
export const NO_POD = "it belongs to the pod, of which crictl inspectp tells, and that was not given";
/** Why what the kubelet does is not known. */
export const KUBELET = "the kubelet sees to it, by the pod's specification and its own configuration, and crictl does not tell";
