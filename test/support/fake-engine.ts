/** An engine that misbehaves: a real HTTP server on a unix socket, in whose place a test says what is answered. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createPlainServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Endpoint } from "../../src/collect/endpoint.ts";

export interface FakeEngine {
  readonly endpoint: Extract<Endpoint, { kind: "unix" }>;
  /** Paths with their queries, in the order of arrival. */
  readonly asked: string[];
  /** Ends the server and every connection, as an engine that dies does. The socket's file goes as well. */
  readonly die: () => void;
}

/** What is answered to a path: a value as JSON, or a function that does as it likes. */
export type Answers = Readonly<Record<string, unknown>>;

/** Answers GETs by their path without its query, anything else with 404. Ends with the test. */
export function startFakeEngine(answers: Answers): Promise<FakeEngine> {
  const asked: string[] = [];
  const respond: RequestListener = (request, response) => {
    asked.push(request.url ?? "");
    const path = (request.url ?? "").replace(/\?.*$/, "");
    const answer = path in answers ? answers[path] : fail(404, `no such thing: ${path}`);
    if (typeof answer === "function") (answer as Handler)(request, response);
    else response.end(JSON.stringify(answer));
  };
  return listen(createServer(respond), asked);
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An answer with a status other than 200, in the engine's form. */
export function fail(status: number, message: string): Handler {
  return (_request, response) => response.writeHead(status).end(JSON.stringify({ message }));
}

/** Never an answer. */
export const silence: Handler = () => undefined;

/** Takes connections and does with them what the test says; not even HTTP is spoken. */
export function startFakeListener(receive: (socket: Socket) => void): Promise<FakeEngine> {
  return listen(createPlainServer(receive), []);
}

async function listen(server: Server, asked: string[]): Promise<FakeEngine> {
  const folder = mkdtempSync(join(tmpdir(), "harden-engine-"));
  const path = join(folder, "docker.sock");
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket.on("error", () => undefined).on("close", () => open.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const die = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  onTestFinished(() => {
    die();
    rmSync(folder, { recursive: true });
  });
  return { endpoint: { kind: "unix", url: `unix://${path}`, path }, asked, die };
}
