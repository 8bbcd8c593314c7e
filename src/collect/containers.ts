/** Every container, stopped ones too: one list, then every inspect, some at a time. */
import { redactAnswer } from "../snapshot/redact.ts";
import type { Answer, ContainerAnswer, DataOf, Raw } from "../snapshot/model.ts";
import { failed, ok } from "./answer.ts";
import { mapBounded } from "./bounded.ts";
import { ApiError, type EngineClient } from "./client.ts";
import { fromApiError } from "./engine.ts";
import type { Endpoint } from "./endpoint.ts";

const PARALLEL = 16;

/**
 * A container that is removed between list and inspect is left out and counted in the detail. One that cannot be inspected stays,
 * with the error: it is there, and nothing is known of it.
 */
export async function collectContainers(
  client: EngineClient,
  endpoint: Endpoint,
  progress: (done: number, all: number) => void,
): Promise<Answer<DataOf<"containers">>> {
  let listed: Raw[];
  try {
    listed = await client.listContainers();
  } catch (error) {
    return fromApiError(error, endpoint);
  }
  let done = 0;
  const answers = await mapBounded(listed, PARALLEL, async (entry) => {
    const answer = await inspect(client, String(entry["Id"]), nameOf(entry));
    progress(++done, listed.length);
    return answer;
  });
  const there = answers.filter((answer) => answer !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
  const gone = answers.length - there.length;
  const broken = there.filter((answer) => answer.error !== null);
  const note = gone === 0 ? null : `${gone} container${gone === 1 ? " was" : "s were"} removed while harden looked`;
  if (broken.length === 0) return ok(there, note);
  const first = broken[0]?.error ?? "";
  return failed(`${broken.length} of ${there.length} containers could not be inspected: ${first}`, there);
}

async function inspect(client: EngineClient, id: string, name: string): Promise<ContainerAnswer | null> {
  try {
    return { id, name, inspect: redactAnswer(await client.inspectContainer(id)), error: null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 404 ? null : { id, name, inspect: null, error: error.message };
  }
}

function nameOf(entry: Raw): string {
  const names = entry["Names"];
  const first: unknown = Array.isArray(names) ? names[0] : undefined;
  return typeof first === "string" ? first.replace(/^\//, "") : String(entry["Id"]).slice(0, 12);
}
