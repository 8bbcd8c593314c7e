/** What has to be asked again after some events. */
import type { EngineEvent } from "./events.ts";

export interface Touched {
  /** More than can be told one by one, or what concerns all. */
  everything: boolean;
  /** Ids. */
  readonly containers: Set<string>;
  readonly networks: Set<string>;
  images: boolean;
  volumes: boolean;
}

export function touchNothing(): Touched {
  return { everything: false, containers: new Set(), networks: new Set(), images: false, volumes: false };
}

export function isUntouched({ everything, containers, networks, images, volumes }: Touched): boolean {
  return !everything && !images && !volumes && containers.size === 0 && networks.size === 0;
}

/** More containers or networks than these are asked for as a whole. */
const MOST = 64;

/** Adds what an event is about. However many events come between two looks, no more is kept than `MOST` ids of a kind. */
export function touch(touched: Touched, { type, action, id, container }: EngineEvent): void {
  if (touched.everything || changesNothing(type, action)) return;
  if (type === "image") touched.images = true;
  else if (type === "volume") touched.volumes = true;
  else if (id === null || (type !== "container" && type !== "network")) touched.everything = true;
  else touched[type === "container" ? "containers" : "networks"].add(id);
  if (container !== null) touched.containers.add(container);
  if (touched.containers.size > MOST || touched.networks.size > MOST) touched.everything = true;
}

/**
 * What leaves everything as it was. Health checks bring three events of exec each, for every container every few seconds. Named are those that do
 * not count, so that an action of a newer engine does; kinds that are judged nowhere (secrets, builders, nodes) do not either.
 */
const IDLE: Readonly<Record<string, RegExp>> = {
  container: /^(exec_|top$|resize$|attach$|detach$|export$|archive-path$|extract-to-dir$|copy$|commit$|prune$)/,
  network: /^prune$/,
  volume: /^(mount|unmount|prune)$/,
  image: /^(push|save|prune)$/,
};
const JUDGED = new Set(["container", "network", "image", "volume", "daemon", "plugin"]);

function changesNothing(type: string, action: string): boolean {
  return !JUDGED.has(type) || IDLE[type]?.test(action) === true;
}
