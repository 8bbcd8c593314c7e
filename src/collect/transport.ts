/** One request to the engine's API and its whole answer: bounded in time and size, every trouble an ApiError. */
import type { Agent, IncomingMessage } from "node:http";
import { redactText } from "../snapshot/redact.ts";
import { errorCode } from "./answer.ts";
import type { Endpoint, TcpEndpoint } from "./endpoint.ts";
import type { Tls } from "./tls-files.ts";

/** Imported as a module it would make all its exports, WebSocket and with it undici among them: 50 ms. */
const { request } = process.getBuiltinModule("node:http");

export interface Limits {
  /** Milliseconds until the answer is there as a whole. */
  readonly timeout: number;
  /** Bytes of one answer. */
  readonly size: number;
}

/** Why a request failed: `code` is the system's (ENOENT, EACCES, ECONNREFUSED, ETIMEDOUT), `status` the HTTP one. */
export class ApiError extends Error {
  readonly code: string | null;
  readonly status: number | null;

  constructor(message: string, { code = null, status = null, cause }: { code?: string | null; status?: number | null; cause?: unknown } = {}) {
    super(message, { cause });
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

/**
 * The parsed body of a GET that was answered with 200. Redirections are not followed: an engine makes none, and whoever stands in its place
 * must not send harden anywhere. Throws ApiError.
 */
export async function getJson(endpoint: Endpoint, path: string, limits: Limits): Promise<unknown> {
  if (endpoint.kind === "unusable") throw new ApiError(endpoint.reason);
  const doing = `GET ${path}`;
  const secure = endpoint.kind === "tcp" && endpoint.tls !== null ? await openTls(endpoint, endpoint.tls) : null;
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => { reject(toApiError(doing, error, secure?.describe(error))); };
    const outgoing = send(endpoint, secure?.agent, path, (response) => {
      readBody(response, limits.size).then((body) => parseAnswer(doing, response.statusCode ?? 0, body)).then(resolve, fail);
    }, fail);
    // A timer of its own: a socket's time-out starts anew with every byte.
    const timer = setTimeout(() => {
      fail(new ApiError(`${doing}: no whole answer within ${limits.timeout / 1000} s`, { code: "ETIMEDOUT" }));
      outgoing?.destroy();
    }, limits.timeout);
    if (outgoing === null) clearTimeout(timer);
    outgoing?.on("error", fail).on("close", () => { clearTimeout(timer); });
  });
}

/**
 * The body of a GET that is answered with 200, as it comes: it may begin late, as podman's does with the first event, and have no end. `signal` ends it. Throws
 * ApiError where there is no such answer; what breaks a body that has begun is thrown as it is.
 */
export async function* streamBody(endpoint: Endpoint, path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  if (endpoint.kind === "unusable") throw new ApiError(endpoint.reason);
  const doing = `GET ${path}`;
  const secure = endpoint.kind === "tcp" && endpoint.tls !== null ? await openTls(endpoint, endpoint.tls) : null;
  yield* await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    const fail = (error: unknown): void => { reject(toApiError(doing, error, secure?.describe(error))); };
    const outgoing = send(endpoint, secure?.agent, path, (response) => {
      if (response.statusCode === 200) resolve(response);
      else readBody(response, REFUSAL_SIZE).then((body) => parseAnswer(doing, response.statusCode ?? 0, body)).catch(fail);
    }, fail);
    outgoing?.on("error", fail);
    signal.addEventListener("abort", () => { outgoing?.destroy(); }, { once: true });
  });
}

/** Bytes that the words of a refusal may take. */
const REFUSAL_SIZE = 64 * 1024;

/** One agent an endpoint, so that connections are used again. What TLS needs is loaded only for it. */
async function openTls(endpoint: TcpEndpoint, tls: Tls): Promise<{ readonly agent: Agent; readonly describe: (error: unknown) => string | null }> {
  const [{ TlsAgent }, { describeTlsError }] = await Promise.all([import("./tls-agent.ts"), import("./tls-trouble.ts")]);
  const agent = AGENTS.get(tls) ?? new TlsAgent(endpoint, tls);
  AGENTS.set(tls, agent);
  return { agent, describe: (error) => describeTlsError(error, tls) };
}

const AGENTS = new WeakMap<Tls, Agent>();

type Usable = Exclude<Endpoint, { kind: "unusable" }>;

function send(endpoint: Usable, agent: Agent | undefined, path: string, receive: (response: IncomingMessage) => void, fail: (error: unknown) => void) {
  const to = endpoint.kind === "unix" ? { socketPath: endpoint.path } : { host: endpoint.host, port: endpoint.port };
  try {
    // Connections are kept and used again (Node's own agent); one that idles does not hold up the end of the process.
    return request({ ...to, ...(agent === undefined ? {} : { agent }), path }, receive).end();
  } catch (error) {
    fail(error); // a path that is none
    return null;
  }
}

async function readBody(response: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw Object.assign(new Error(`the answer is larger than ${limit / 1024 / 1024} MiB`), { code: "EFBIG" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseAnswer(doing: string, status: number, body: string): unknown {
  const parsed = parseJson(body);
  if (status !== 200) throw new ApiError(`${doing}: HTTP ${status}${quoteReason(parsed, body)}`, { status });
  if (parsed === undefined) throw new ApiError(`${doing}: the answer is no JSON`);
  return parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const REASON_LIMIT = 300;

/** The engine's own words, `{"message": …}`; a proxy before it may say anything. */
function quoteReason(parsed: unknown, body: string): string {
  const message = typeof parsed === "object" && parsed !== null && "message" in parsed ? String(parsed.message) : body;
  const words = redactText(message.slice(0, 2 * REASON_LIMIT)).replace(/\s+/g, " ").trim();
  if (words === "") return "";
  return ` ${words.length > REASON_LIMIT ? `${words.slice(0, REASON_LIMIT)}…` : words}`;
}

/** `told` is what is known better than the error's own words. */
function toApiError(doing: string, error: unknown, told: string | null = null): ApiError {
  if (error instanceof ApiError) return error;
  const code = errorCode(error);
  const words = told ?? (code === "ECONNRESET" ? "the connection ended before the answer did" : String(error instanceof Error ? error.message : error));
  return new ApiError(`${doing}: ${words}`, { code, cause: error });
}
