/** The engine's side of a snapshot after some events: what they touched is asked for, all else stays as it was answered. */
import type { Sources } from "../../snapshot/model.ts";
import type { EngineSources } from "../ask-engine.ts";
import type { EngineClient } from "../client.ts";
import { answerWith, collectContainers } from "../containers.ts";
import type { Endpoint } from "../endpoint.ts";
import { guard } from "../guard.ts";
import { collectImages, collectNetworks, collectVolumes, sortByName } from "../inventory.ts";
import { ok } from "../answer.ts";
import type { Touched } from "./touched.ts";

/** As `askEngine` hands it back. */
export interface Asked {
  readonly sources: EngineSources;
  readonly images: Promise<Sources["images"]>;
}

export async function askAgain(client: EngineClient, endpoint: Endpoint, before: Sources, touched: Touched): Promise<Asked> {
  const [containers, networks, volumes] = await Promise.all([
    askContainers(client, endpoint, before.containers, touched.containers),
    askNetworks(client, endpoint, before.networks, touched.networks),
    touched.volumes || before.volumes.status !== "ok" ? guard(() => collectVolumes(client, endpoint)) : before.volumes,
  ]);
  const known = touched.images || before.images.status !== "ok" ? [] : (before.images.data ?? []);
  const images = containers.data === null ? Promise.resolve({ ...containers, data: null }) : guard(() => collectImages(client, containers.data ?? [], known));
  // The answer of before is left as it is: where the engine runs is noted in the new one.
  const engine = { ...before.engine, data: before.engine.data === null ? null : { ...before.engine.data } };
  return { sources: { engine, containers, networks, volumes }, images };
}

/** One that could not be inspected the last time is asked for again, too. */
async function askContainers(client: EngineClient, endpoint: Endpoint, before: Sources["containers"], touched: ReadonlySet<string>): Promise<Sources["containers"]> {
  if (before.data === null) return guard(() => collectContainers(client, endpoint, () => undefined));
  const ids = new Set([...touched, ...before.data.filter(({ error }) => error !== null).map(({ id }) => id)]);
  if (ids.size === 0) return before;
  const now = await guard(() => collectContainers(client, endpoint, () => undefined, [...ids]));
  return now.data === null ? now : answerWith([...before.data.filter(({ id }) => !ids.has(id)), ...now.data]);
}

async function askNetworks(client: EngineClient, endpoint: Endpoint, before: Sources["networks"], touched: ReadonlySet<string>): Promise<Sources["networks"]> {
  if (before.status !== "ok" || before.data === null) return guard(() => collectNetworks(client, endpoint));
  if (touched.size === 0) return before;
  const now = await guard(() => collectNetworks(client, endpoint, [...touched]));
  if (now.status !== "ok" || now.data === null) return guard(() => collectNetworks(client, endpoint));
  return ok(sortByName([...before.data.filter(({ Id }) => !touched.has(String(Id))), ...now.data]));
}
