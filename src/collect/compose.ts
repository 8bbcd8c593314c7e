/** What the compose files say that containers were made from, by a reader that the caller brings: what a compose file means is for others to know. */
import { at } from "../json-value.ts";
import type { Answer, DataOf, Snapshot, Sources } from "../snapshot/model.ts";
import { absent, ok } from "./answer.ts";
import { guard } from "./guard.ts";

/** Reads the projects that the snapshot's containers were made from. */
export type ReadCompose = (snapshot: Snapshot) => DataOf<"compose"> | Promise<DataOf<"compose">>;

/** The snapshot with one source more, for which the others were needed. */
export async function addCompose(snapshot: Snapshot, readCompose: ReadCompose): Promise<Snapshot> {
  return { ...snapshot, sources: { ...snapshot.sources, compose: await guard(() => collectCompose(snapshot, readCompose)) } };
}

/** A path of a label is one of the engine's host; without containers of Compose's nothing is loaded. */
async function collectCompose(snapshot: Snapshot, readCompose: ReadCompose): Promise<Answer<DataOf<"compose">>> {
  const { engine, containers } = snapshot.sources;
  if (engine.data?.local === false) return absent(`the engine is not on this host: ${engine.data.localReason}`);
  if (containers.data === null) return repeat(containers);
  if (!containers.data.some(({ inspect }) => hasProject(inspect))) return ok([]);
  return ok(await readCompose(snapshot));
}

function repeat<T>({ status, detail }: Sources["containers"]): Answer<T> {
  return { status, detail, data: null };
}

function hasProject(inspect: unknown): boolean {
  return typeof at(inspect, "Config", "Labels", "com.docker.compose.project") === "string";
}
