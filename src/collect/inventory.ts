/** What the engine holds besides containers: networks, volumes, and the images that containers use. */
import { redactAnswer } from "../snapshot/redact.ts";
import type { Answer, ContainerAnswer, DataOf, Raw } from "../snapshot/model.ts";
import { failed, ok } from "./answer.ts";
import { askEach, type Asked } from "./ask-each.ts";
import type { EngineClient } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { fromApiError } from "./engine.ts";
import { findPodman, type Podman } from "./podman/api.ts";
import { completeNetwork } from "./podman/complete-network.ts";
import { ApiError } from "./transport.ts";

const PARALLEL = 8;

/** A network that is removed meanwhile is left out; one that cannot be inspected too, and then the source has failed. `ids`: those alone are inspected. */
export async function collectNetworks(client: EngineClient, endpoint: Endpoint, ids?: readonly string[]): Promise<Answer<DataOf<"networks">>> {
  let listed: Raw[];
  let podman: Podman | null;
  try {
    [listed, podman] = await Promise.all([client.listNetworks(), findPodman(client)]);
  } catch (error) {
    return fromApiError(error, endpoint);
  }
  const wanted = ids === undefined ? listed : listed.filter(({ Id }) => ids.includes(String(Id)));
  const asked = await askEach(wanted, PARALLEL, async (entry) => {
    const network = await client.inspectNetwork(String(entry["Id"]));
    return redactAnswer(podman === null ? network : completeNetwork(entry, network, podman.networks.values()));
  });
  const { there, trouble } = sortOut(asked, "networks");
  const sorted = sortByName(there);
  return trouble === null ? ok(sorted) : failed(trouble, sorted);
}

export async function collectVolumes(client: EngineClient, endpoint: Endpoint): Promise<Answer<DataOf<"volumes">>> {
  try {
    return ok(sortByName(await client.listVolumes()).map(redactAnswer));
  } catch (error) {
    return fromApiError(error, endpoint);
  }
}

/**
 * The images of the given containers, each once: none of a container that runs from a plain folder (podman's --rootfs), nor what podman itself runs to hold a pod. An image that was deleted while its container lives on is told in the detail. Those that are
 * `known` are not asked for again.
 */
export async function collectImages(client: EngineClient, containers: readonly ContainerAnswer[], known: readonly Raw[] = []): Promise<Answer<DataOf<"images">>> {
  const ids = new Set(containers.flatMap(({ inspect }) => (typeof inspect?.["Image"] === "string" && inspect["Image"] !== "sha256:" && inspect["InfraOf"] === undefined ? [inspect["Image"]] : [])));
  const byId = new Map(known.map((image) => [image["Id"], image]));
  const asked = await askEach([...ids].sort(), PARALLEL, (id) => Promise.resolve(byId.get(id) ?? inspectImage(client, id)));
  const { there, gone, trouble } = sortOut(asked, "images");
  const note = gone === 0 ? null : `${gone} image${gone === 1 ? " is" : "s are"} no longer there`;
  return trouble === null ? ok(there, note) : failed(trouble, there);
}

/** With the steps that it was built by as `History`, or why they are not known as `HistoryError`: an image without them is one nevertheless. */
async function inspectImage(client: EngineClient, id: string): Promise<Raw> {
  const [inspect, history] = await Promise.all([
    client.inspectImage(id),
    client.imageHistory(id).then((steps): Raw => ({ History: steps }), (error: unknown): Raw => ({ HistoryError: error instanceof Error ? error.message : String(error) })),
  ]);
  return redactAnswer({ ...inspect, ...history });
}

/** `trouble` says how many could not be inspected, and why the first of them. */
function sortOut(asked: readonly Asked<unknown>[], what: string): { there: Raw[]; gone: number; trouble: string | null } {
  const errors = asked.flatMap(({ answer }) => (answer instanceof ApiError ? [answer] : []));
  const broken = errors.filter(({ status }) => status !== 404);
  const there = asked.flatMap(({ answer }) => (answer instanceof ApiError ? [] : [answer]));
  const [first] = broken;
  const trouble = first === undefined ? null : `${broken.length} of ${asked.length} ${what} could not be inspected: ${first.message}`;
  return { there, gone: errors.length - broken.length, trouble };
}

/** In the order in which the source lists them. */
export function sortByName(items: readonly Raw[]): Raw[] {
  return [...items].sort((a, b) => (String(a["Name"]) < String(b["Name"]) ? -1 : 1));
}
