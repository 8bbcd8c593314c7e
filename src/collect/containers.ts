/** Every container, stopped ones too: one list, then every inspect, some at a time. */
import { redactAnswer, redactText } from "../snapshot/redact.ts";
import type { Answer, ContainerAnswer, DataOf, Raw } from "../snapshot/model.ts";
import { failed, ok } from "./answer.ts";
import { askEach, type Asked } from "./ask-each.ts";
import type { EngineClient } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { fromApiError } from "./engine.ts";
import { findPodman, type Podman } from "./podman/api.ts";
import { completeContainer } from "./podman/complete-container.ts";
import { ApiError } from "./transport.ts";

const PARALLEL = 16;

/**
 * A container that is removed between list and inspect is left out and counted in the detail. One that cannot be inspected stays,
 * with the error: it is there, and nothing is known of it. `ids`: those alone are asked for.
 */
export async function collectContainers(
  client: EngineClient,
  endpoint: Endpoint,
  progress: (done: number, all: number) => void,
  ids?: readonly string[],
): Promise<Answer<DataOf<"containers">>> {
  let listed: Raw[];
  let podman: Podman | null;
  try {
    [listed, podman] = await Promise.all([client.listContainers(ids), findPodman(client)]);
  } catch (error) {
    return fromApiError(error, endpoint);
  }
  let done = 0;
  const asked = await askEach(listed, PARALLEL, async (entry) => {
    try {
      return redactAnswer(await inspect(client, podman, String(entry["Id"])));
    } finally {
      progress(++done, listed.length);
    }
  });
  const there = asked.flatMap(describe);
  const gone = asked.length - there.length;
  return answerWith(there, gone === 0 ? [] : [`${gone} container${gone === 1 ? " was" : "s were"} removed while harden looked`]);
}

/** The source of these containers, in the order of their names. */
export function answerWith(containers: readonly ContainerAnswer[], notes: readonly string[] = []): Answer<DataOf<"containers">> {
  const sorted = [...containers].sort((a, b) => (a.name < b.name ? -1 : 1));
  const broken = sorted.filter((answer) => answer.error !== null);
  if (broken.length === 0) return ok(sorted, notes[0] ?? null);
  const first = `${broken.length} of ${sorted.length} containers could not be inspected: ${broken[0]?.error ?? ""}`;
  return failed([first, ...notes].join("; "), sorted);
}

/** `InfraOf` is the name of the pod whose namespaces and ports the container holds. */
async function inspect(client: EngineClient, podman: Podman | null, id: string): Promise<Raw> {
  if (podman === null) return client.inspectContainer(id);
  const [answer, own] = await Promise.all([client.inspectContainer(id), podman.inspectContainer(id)]);
  const completed = completeContainer(answer, own, podman);
  return own["IsInfra"] === true ? { ...completed, InfraOf: await podman.namePod(String(own["Pod"])) } : completed;
}

function describe({ item, answer }: Asked<Raw>): ContainerAnswer[] {
  const base = { id: String(item["Id"]), name: nameOf(item) };
  if (!(answer instanceof ApiError)) return [{ ...base, inspect: answer, error: null }];
  return answer.status === 404 ? [] : [{ ...base, inspect: null, error: answer.message }];
}

function nameOf(entry: Raw): string {
  const names = entry["Names"];
  const first: unknown = Array.isArray(names) ? names[0] : undefined;
  return typeof first === "string" ? redactText(first.replace(/^\//, "")) : String(entry["Id"]).slice(0, 12);
}
