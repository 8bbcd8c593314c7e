/** The engine's API through dockerode, with a transport that is bounded in time and size. */
import Docker from "dockerode";
import { isJsonObject } from "../json-value.ts";
import type { Raw } from "../snapshot/model.ts";
import type { Endpoint } from "./endpoint.ts";
import { ApiError, getJson, type Limits } from "./transport.ts";

/** The calls that the collectors make; each throws ApiError. */
export interface EngineClient {
  info(): Promise<Raw>;
  version(): Promise<Raw>;
  /** All, or those of the ids that there are. */
  listContainers(ids?: readonly string[]): Promise<Raw[]>;
  inspectContainer(id: string): Promise<Raw>;
  listNetworks(): Promise<Raw[]>;
  inspectNetwork(id: string): Promise<Raw>;
  listVolumes(): Promise<Raw[]>;
  inspectImage(id: string): Promise<Raw>;
  /** The steps that an image was built by, the last first. */
  imageHistory(id: string): Promise<Raw[]>;
  /** Podman's own API of this version, `4.0.0`, which other engines do not have. */
  podman(version: string): PodmanClient;
}

export interface PodmanClient {
  info(): Promise<Raw>;
  inspectContainer(id: string): Promise<Raw>;
  inspectPod(id: string): Promise<Raw>;
  listNetworks(): Promise<Raw[]>;
}

/** The list of 100,000 containers takes some 200 MB. */
const MAXIMUM_ANSWER = 256 * 1024 * 1024;

/** `timeout` is for each call, in milliseconds; `size` is the number of bytes that one answer may have. */
export function connectEngine(endpoint: Endpoint, timeout: number, size = MAXIMUM_ANSWER): EngineClient {
  const docker = new Docker({ modem: createModem(endpoint, { timeout, size }) } as Docker.DockerOptions);
  return {
    info: async () => toObject("GET /info", await docker.info()),
    version: async () => toObject("GET /version", await docker.version()),
    listContainers: async (ids) => toList("GET /containers/json", await docker.listContainers({ all: true, ...(ids === undefined ? {} : { filters: JSON.stringify({ id: ids }) }) }), "Id"),
    inspectContainer: async (id) => toObject(`GET /containers/${id}/json`, await docker.getContainer(id).inspect()),
    listNetworks: async () => toList("GET /networks", await docker.listNetworks(), "Id"),
    inspectNetwork: async (id) => toObject(`GET /networks/${id}`, await docker.getNetwork(id).inspect()),
    listVolumes: async () => {
      const doing = "GET /volumes";
      const { Volumes: volumes } = toObject(doing, await docker.listVolumes());
      return toList(doing, volumes ?? [], "Name");
    },
    inspectImage: async (id) => toObject(`GET /images/${id}/json`, await docker.getImage(id).inspect()),
    imageHistory: async (id) => toList(`GET /images/${id}/history`, await docker.getImage(id).history(), "CreatedBy"),
    podman: (version) => connectPodman(endpoint, version, { timeout, size }),
  };
}

function connectPodman(endpoint: Endpoint, version: string, limits: Limits): PodmanClient {
  const get = async <T>(path: string, read: (doing: string, answer: unknown) => T): Promise<T> => {
    const target = `/v${version}/libpod${path}`;
    return read(`GET ${target}`, await getJson(endpoint, target, limits));
  };
  return {
    info: () => get("/info", toObject),
    inspectContainer: (id) => get(`/containers/${id}/json`, toObject),
    inspectPod: (id) => get(`/pods/${id}/json`, toObject),
    listNetworks: () => get("/networks/json", (doing, answer) => toList(doing, answer, "name")),
  };
}

/** What dockerode asks of its transport. A path that takes a query ends in a question mark. */
interface Dial {
  readonly path: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/**
 * In place of docker-modem, which follows redirections, gathers answers of any size, waits on when the connection ends in the midst of one,
 * and reads DOCKER_HOST and certificates by itself.
 */
function createModem(endpoint: Endpoint, limits: Limits) {
  return {
    dial: ({ path, options = {} }: Dial, done: (error: unknown, answer: unknown) => void): void => {
      const query = new URLSearchParams(Object.entries(options).map(([key, value]): [string, string] => [key, String(value)])).toString();
      const target = path.endsWith("?") ? (query === "" ? path.slice(0, -1) : path + query) : path;
      getJson(endpoint, target, limits).then((answer) => { done(null, answer); }, (error: unknown) => { done(error, null); });
    },
  };
}

function toObject(doing: string, answer: unknown): Raw {
  if (isJsonObject(answer)) return answer;
  throw new ApiError(`${doing}: the answer is no JSON object`);
}

/** Every entry must have a name of its own to be asked for: `key`. */
function toList(doing: string, answer: unknown, key: string): Raw[] {
  if (Array.isArray(answer) && answer.every((entry) => isJsonObject(entry) && typeof entry[key] === "string")) return answer as Raw[];
  throw new ApiError(`${doing}: the answer is no list of JSON objects with a text ${key}`);
}
