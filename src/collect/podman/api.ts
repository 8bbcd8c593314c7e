/** Podman's own API, which lies beside Docker's on the same socket and tells what that one leaves out. */
import type { Raw } from "../../snapshot/model.ts";
import { findPodmanComponent } from "../../snapshot/podman.ts";
import type { EngineClient } from "../client.ts";
import { textOf, toObject } from "./raw.ts";

export interface Podman {
  /** Major and minor number. */
  readonly release: readonly [number, number];
  /** What it says of itself. */
  readonly info: Raw;
  /** Its networks by name. */
  readonly networks: ReadonlyMap<string, Raw>;
  /** Throws ApiError. */
  readonly inspectContainer: (id: string) => Promise<Raw>;
  /** Throws ApiError. */
  readonly namePod: (id: string) => Promise<string>;
}

/** Served by every podman from 4 on; an older one names its own. */
const API_VERSION = "4.0.0";

/** Null where the engine is another one, or does not say which. Throws ApiError where podman does not answer. */
export async function findPodman(client: EngineClient): Promise<Podman | null> {
  const engine = findPodmanComponent(await client.version().catch(() => null));
  if (engine === null) return null;
  const told = textOf(toObject(engine["Details"])["MinAPIVersion"]);
  const api = client.podman(/^\d+\.\d+\.\d+$/.test(told) ? told : API_VERSION);
  const [info, networks] = await Promise.all([api.info(), api.listNetworks()]);
  const [, major = "0", minor = "0"] = /^v?(\d+)\.(\d+)/.exec(textOf(engine["Version"])) ?? [];
  return {
    release: [Number(major), Number(minor)],
    info,
    networks: new Map(networks.map((network) => [textOf(network["name"]), network])),
    inspectContainer: (id) => api.inspectContainer(id),
    namePod: async (id) => textOf((await api.inspectPod(id))["Name"]),
  };
}
