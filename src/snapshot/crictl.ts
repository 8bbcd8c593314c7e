/**
 * What `crictl inspect`, `inspectp` and `inspecti` print about containers, pods and images of containerd, CRI-O or any other runtime behind the Kubernetes
 * Container Runtime Interface, as a snapshot: of the sources it has the containers, and the images that they use.
 */
import { at } from "../json-value.ts";
import { fragmentOf } from "./fragment.ts";
import type { ContainerAnswer, Raw, Snapshot } from "./model.ts";
import { redactAnswer } from "./redact.ts";

const NODE_UNTOLD = "crictl tells of containers, pods and images: the node itself, its kernel, rules and daemons are not judged";

/** Whether a value is one of the answers: an object with `status`, whose state is one of the CRI's, or which has the tags of an image. */
export function tellsCri(value: unknown): value is Raw {
  return kindOf(value) !== null;
}

/** `answers` are those for which `tellsCri` is true. Which pod a container is in follows from its `info.sandboxID`. `now`: when it was read. */
export function fromCrictl(answers: readonly Raw[], now: string): Snapshot {
  const redacted = [...new Map(answers.map((answer) => [textOf(answer, "status", "id"), redactAnswer(answer)])).values()];
  const pods = new Map(redacted.filter((answer) => kindOf(answer) === "pod").map((pod) => [textOf(pod, "status", "id"), pod]));
  const inspected = redacted.filter((answer) => kindOf(answer) === "container");
  const names = nameContainers(inspected);
  const containers = inspected.map((inspect): ContainerAnswer => ({
    id: textOf(inspect, "status", "id"), name: names.get(inspect) ?? "", inspect, error: null, pod: pods.get(textOf(inspect, "info", "sandboxID")) ?? null,
  }));
  const data = containers.sort((a, b) => (a.name < b.name ? -1 : 1));
  const told = redacted.filter((answer) => kindOf(answer) === "image");
  const images = told.length === 0 ? {} : { images: { status: "ok" as const, detail: null, data: told } };
  return {
    ...fragmentOf({ containers: { status: "ok", detail: NODE_UNTOLD, data }, ...images }, NODE_UNTOLD),
    tool: { name: "crictl", version: "" },
    collectedAt: now,
  };
}

function kindOf(value: unknown): "container" | "pod" | "image" | null {
  const state = textOf(value, "status", "state");
  if (textOf(value, "status", "id") === "") return null;
  if (Array.isArray(at(value, "status", "repoTags"))) return "image";
  return state.startsWith("CONTAINER_") ? "container" : state.startsWith("SANDBOX_") ? "pod" : null;
}

/** `NAMESPACE/POD/CONTAINER` by the kubelet's labels. Of those that were started anew the last one has the name alone, others their number with it. */
function nameContainers(inspected: readonly Raw[]): Map<Raw, string> {
  const names = new Map<Raw, string>();
  const taken = new Set<string>();
  for (const inspect of [...inspected].sort((a, b) => attemptOf(b) - attemptOf(a) || (textOf(a, "status", "id") < textOf(b, "status", "id") ? -1 : 1))) {
    const claim = claimName(inspect);
    const free = [claim, `${claim}/${attemptOf(inspect)}`].find((name) => !taken.has(name)) ?? `${claim}/${textOf(inspect, "status", "id")}`;
    taken.add(free);
    names.set(inspect, free);
  }
  return names;
}

function claimName(inspect: Raw): string {
  const label = (name: string): string => textOf(inspect, "status", "labels", `io.kubernetes.${name}`);
  const parts = [label("pod.namespace"), label("pod.name"), label("container.name")];
  return parts.every((part) => part !== "") ? parts.join("/") : textOf(inspect, "status", "metadata", "name") || textOf(inspect, "status", "id").slice(0, 12);
}

function attemptOf(inspect: Raw): number {
  const attempt = at(inspect, "status", "metadata", "attempt");
  return typeof attempt === "number" ? attempt : 0;
}

function textOf(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}
