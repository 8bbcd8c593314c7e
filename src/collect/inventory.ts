/** What the engine holds besides containers: networks, volumes, and the images that containers use. */
import { redactAnswer } from "../snapshot/redact.ts";
import type { Answer, ContainerAnswer, DataOf, Raw } from "../snapshot/model.ts";
import { failed, ok } from "./answer.ts";
import { mapBounded } from "./bounded.ts";
import { ApiError, type EngineClient } from "./client.ts";
import { fromApiError } from "./engine.ts";
import type { Endpoint } from "./endpoint.ts";

const PARALLEL = 8;

export async function collectNetworks(client: EngineClient, endpoint: Endpoint): Promise<Answer<DataOf<"networks">>> {
  try {
    const listed = await client.listNetworks();
    const networks = await mapBounded(listed, PARALLEL, (network) => inspectUnlessGone(() => client.inspectNetwork(String(network["Id"]))));
    return ok(sortByName(networks.filter((network) => network !== null).map(redactAnswer)));
  } catch (error) {
    return fromApiError(error, endpoint);
  }
}

export async function collectVolumes(client: EngineClient, endpoint: Endpoint): Promise<Answer<DataOf<"volumes">>> {
  try {
    return ok(sortByName(await client.listVolumes()).map(redactAnswer));
  } catch (error) {
    return fromApiError(error, endpoint);
  }
}

/** The images of the given containers, each once. An image that was deleted while its container lives on is told in the detail. */
export async function collectImages(client: EngineClient, containers: readonly ContainerAnswer[]): Promise<Answer<DataOf<"images">>> {
  const ids = new Set(containers.flatMap(({ inspect }) => (typeof inspect?.["Image"] === "string" ? [inspect["Image"]] : [])));
  try {
    const images = await mapBounded([...ids].sort(), PARALLEL, (id) => inspectUnlessGone(() => client.inspectImage(id)));
    const there = images.filter((image) => image !== null);
    const gone = images.length - there.length;
    return ok(there.map(redactAnswer), gone === 0 ? null : `${gone} image${gone === 1 ? " is" : "s are"} no longer there`);
  } catch (error) {
    if (error instanceof ApiError) return failed(error.message);
    throw error;
  }
}

async function inspectUnlessGone(inspect: () => Promise<Raw>): Promise<Raw | null> {
  try {
    return await inspect();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

function sortByName(items: readonly Raw[]): Raw[] {
  return [...items].sort((a, b) => (String(a["Name"]) < String(b["Name"]) ? -1 : 1));
}
