/** Single calls of the engine's API by its socket. */
import { request } from "node:http";
import { HardenError } from "../../errors.ts";

export interface EngineAnswer {
  readonly status: number;
  /** Parsed; null where it is no JSON. */
  readonly body: unknown;
}

const TIMEOUT = 60_000;

/** Throws HardenError where the engine does not answer. */
export function callEngine(socketPath: string, method: "GET" | "POST", path: string, body?: unknown): Promise<EngineAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => { reject(new HardenError(`the engine cannot be asked: ${cause.message}`, { cause })); };
    const asked = request({ socketPath, method, path, timeout: TIMEOUT, headers: body === undefined ? {} : { "content-type": "application/json" } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => { chunks.push(chunk); }).once("error", fail);
      response.once("end", () => { resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString("utf8")) }); });
    });
    asked.once("timeout", () => { asked.destroy(new Error("it does not answer")); }).once("error", fail).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // An empty answer, or a proxy's page.
    return null;
  }
}
