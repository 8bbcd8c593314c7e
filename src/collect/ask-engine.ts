/** The engine's side of a snapshot: all that it answers, each source alone. */
import type { Sources } from "../snapshot/model.ts";
import { connectEngine } from "./client.ts";
import { collectContainers } from "./containers.ts";
import type { Endpoint } from "./endpoint.ts";
import { collectEngine } from "./engine.ts";
import { guard } from "./guard.ts";
import { collectImages, collectNetworks, collectVolumes } from "./inventory.ts";

export type EngineSources = Pick<Sources, "engine" | "containers" | "networks" | "volumes">;

/** Above what a list and then askEach take at the most, milliseconds. */
const LONGEST = 150_000;

/** `timeout` is for each call, in milliseconds. Images are asked for when the containers are known, and come later. */
export async function askEngine(
  endpoint: Endpoint, timeout: number, progress: (text: string) => void,
): Promise<{ sources: EngineSources; images: Promise<Sources["images"]> }> {
  const client = connectEngine(endpoint, timeout);
  if (endpoint.kind !== "unusable") progress(`asking the engine at ${endpoint.url} …`);
  const count = (done: number, all: number): void => { progress(`inspecting containers … ${done} of ${all}`); };
  const [engine, containers, networks, volumes] = await Promise.all([
    guard(() => collectEngine(client, endpoint), LONGEST),
    guard(() => collectContainers(client, endpoint, count), LONGEST),
    guard(() => collectNetworks(client, endpoint), LONGEST),
    guard(() => collectVolumes(client, endpoint), LONGEST),
  ]);
  const { status, detail, data } = containers;
  const images = data === null ? Promise.resolve({ status, detail, data }) : guard(() => collectImages(client, data), LONGEST);
  return { sources: { engine, containers, networks, volumes }, images };
}
