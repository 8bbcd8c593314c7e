/** The engine itself: its info and version, and whether it is proved to run on this machine. */
import { statSync } from "node:fs";
import { redactAnswer } from "../snapshot/redact.ts";
import type { Answer, ContainerAnswer, DataOf } from "../snapshot/model.ts";
import { absent, denied, failed, ok } from "./answer.ts";
import type { EngineClient } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { findPodman } from "./podman/api.ts";
import { completeInfo } from "./podman/complete-info.ts";
import { ApiError } from "./transport.ts";

/** What info and version say. Whether it is local is decided when the containers are known: see `findSubject`. */
export async function collectEngine(client: EngineClient, endpoint: Endpoint): Promise<Answer<DataOf<"engine">>> {
  try {
    const [told, version, podman] = await Promise.all([client.info(), client.version(), findPodman(client)]);
    const info = podman === null ? told : completeInfo(told, podman.info);
    return ok({ endpoint: endpoint.url, local: false, localReason: "not looked at", pid: null, info: redactAnswer(info), version: redactAnswer(version) }, noteOf(endpoint));
  } catch (error) {
    const answer = fromApiError<DataOf<"engine">>(error, endpoint);
    const note = noteOf(endpoint);
    return note === null ? answer : { ...answer, detail: `${answer.detail ?? ""}; ${note}` };
  }
}

function noteOf(endpoint: Endpoint): string | null {
  return "note" in endpoint ? (endpoint.note ?? null) : null;
}

/** What a failed first call says about the engine. */
export function fromApiError<T>(error: unknown, endpoint: Endpoint): Answer<T> {
  if (!(error instanceof ApiError)) throw error;
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return absent(`there is no engine at ${endpoint.url}`);
  if (error.code === "ECONNREFUSED") return absent(isNoSocket(endpoint) ? `${endpoint.url} is no socket` : `no engine listens at ${endpoint.url}`);
  if (error.code === "EACCES" || error.code === "EPERM") {
    return denied(`no permission to use ${endpoint.url}: run harden as root or as a member of the socket's group`);
  }
  if ((error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") && endpoint.kind === "tcp") return failed(`no address is known for the host of ${endpoint.url}: its name is wrong, or no name server answers`);
  // An authorization plugin, or a proxy that lets only some calls through.
  return error.status === 401 || error.status === 403 ? denied(error.message) : failed(error.message);
}

/** The system refuses a connection to a file or a folder as it does one to a dead socket. */
function isNoSocket(endpoint: Endpoint): boolean {
  return endpoint.kind === "unix" && statSync(endpoint.path, { throwIfNoEntry: false })?.isSocket() === false;
}

/** Process ids that the inspect answers give, running containers only. */
export function listPids(containers: readonly ContainerAnswer[]): { id: string; pid: number }[] {
  return containers.flatMap(({ id, inspect }) => {
    const state = inspect?.["State"];
    const pid: unknown = typeof state === "object" && state !== null && "Pid" in state ? state.Pid : 0;
    return typeof pid === "number" && pid > 0 ? [{ id, pid }] : [];
  });
}
