/** The engine's API through dockerode: bounded in time, errors told apart. */
import Docker from "dockerode";
import type { Raw } from "../snapshot/model.ts";
import type { Endpoint } from "./endpoint.ts";

/** The calls that the collectors make; each throws ApiError. */
export interface EngineClient {
  info(): Promise<Raw>;
  version(): Promise<Raw>;
  listContainers(): Promise<Raw[]>;
  inspectContainer(id: string): Promise<Raw>;
  listNetworks(): Promise<Raw[]>;
  inspectNetwork(id: string): Promise<Raw>;
  listVolumes(): Promise<Raw[]>;
  inspectImage(id: string): Promise<Raw>;
}

/** Why a call failed: `code` is the system's (ENOENT, EACCES, ECONNREFUSED, ETIMEDOUT), `status` the HTTP one. */
export class ApiError extends Error {
  readonly code: string | null;
  readonly status: number | null;

  constructor(message: string, code: string | null, status: number | null, cause: unknown) {
    super(message, { cause });
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

/** dockerode closes a silent socket this much later than the call is given up; its own error could not be told from a dead engine. */
const GRACE = 500;

export function connectEngine(endpoint: Endpoint, timeout: number): EngineClient {
  const docker = endpoint.kind === "unix"
    ? new Docker({ socketPath: endpoint.path, timeout: timeout + GRACE })
    : new Docker({ host: endpoint.host, port: endpoint.port, protocol: "http", timeout: timeout + GRACE });
  const call = <T>(doing: string, answer: Promise<unknown>): Promise<T> => callApi<T>(doing, timeout, answer);
  return {
    info: () => call("GET /info", docker.info()),
    version: () => call("GET /version", docker.version()),
    listContainers: () => call("GET /containers/json", docker.listContainers({ all: true })),
    inspectContainer: (id) => call(`GET /containers/${id}/json`, docker.getContainer(id).inspect()),
    listNetworks: () => call("GET /networks", docker.listNetworks()),
    inspectNetwork: (id) => call(`GET /networks/${id}`, docker.getNetwork(id).inspect()),
    listVolumes: async () => {
      const answer = await call<{ Volumes: Raw[] | null }>("GET /volumes", docker.listVolumes());
      return answer.Volumes ?? [];
    },
    inspectImage: (id) => call(`GET /images/${id}/json`, docker.getImage(id).inspect()),
  };
}

async function callApi<T>(doing: string, timeout: number, answer: Promise<unknown>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => { reject(tooLate(doing, timeout)); }, timeout);
  });
  try {
    return (await Promise.race([answer, late])) as T;
  } catch (error) {
    throw error instanceof ApiError ? error : toApiError(doing, error);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(doing: string, timeout: number): ApiError {
  return new ApiError(`${doing}: no answer within ${timeout / 1000} s`, "ETIMEDOUT", null, null);
}

function toApiError(doing: string, error: unknown): ApiError {
  const fields = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
  const code = typeof fields["code"] === "string" ? fields["code"] : null;
  const status = typeof fields["statusCode"] === "number" ? fields["statusCode"] : null;
  const reason = typeof fields["reason"] === "string" ? fields["reason"] : String(fields["message"] ?? error);
  return new ApiError(`${doing}: ${status === null ? reason : `HTTP ${status} ${reason}`}`, code, status, error);
}
