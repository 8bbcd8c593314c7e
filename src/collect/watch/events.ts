/** The engine's stream of events: what happened to which container, network, image or volume. */
import { errorCode } from "../answer.ts";
import type { Endpoint } from "../endpoint.ts";
import { ApiError, streamBody } from "../transport.ts";

export interface EngineEvent {
  /** container, network, image, volume, daemon, plugin … */
  readonly type: string;
  /** create, start, die, connect, `exec_create: sh` … */
  readonly action: string;
  /** Of what it happened to; null where it happened to several at once (prune). */
  readonly id: string | null;
  /** Of an event of a network: the container that was connected or disconnected. */
  readonly container: string | null;
}

/** Events carry the labels of what they are about: more is no event. Bytes. */
const LONGEST_LINE = 1024 * 1024;

/**
 * `since` is a time of the engine's own clock, seconds since the epoch: what it remembers from then on comes first. Throws ApiError when the stream
 * breaks, and when it ends: it never does while the engine runs, but by `signal`.
 */
export function followEvents(endpoint: Endpoint, since: number | null, signal: AbortSignal): AsyncIterable<EngineEvent> {
  return readEvents(streamBody(endpoint, since === null ? "/events" : `/events?since=${since}`, signal));
}

/** One JSON object a line. */
export async function* readEvents(chunks: AsyncIterable<Buffer>, longest = LONGEST_LINE): AsyncGenerator<EngineEvent> {
  try {
    for await (const line of splitLines(chunks, longest)) if (line.trim() !== "") yield parseEvent(line);
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(describeBreak(error), { code: errorCode(error), cause: error });
  }
  throw new ApiError("the stream of events has ended");
}

function describeBreak(error: unknown): string {
  const code = errorCode(error);
  return code === "ECONNRESET" ? "the stream of events has ended" : `the stream of events is broken: ${error instanceof Error ? error.message : String(error)}`;
}

async function* splitLines(chunks: AsyncIterable<Buffer>, longest: number): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, start)) {
      yield rest.toString("utf8", start, end);
      start = end + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > longest) throw new ApiError(`the stream of events is broken: a line of more than ${longest} bytes`);
  }
}

const NEWLINE = 10;

/** As events.Message of the engine (api/types/events); what it wrote before 1.22 is not read. */
function parseEvent(line: string): EngineEvent {
  const event = parseJson(line);
  const actor = recordAt(event, "Actor");
  const attributes = recordAt(actor, "Attributes");
  const type = textAt(event, "Type");
  const action = textAt(event, "Action");
  if (type === null || action === null) throw new ApiError("the stream of events is broken: a line is no event");
  return { type, action, id: textAt(actor, "ID"), container: type === "network" ? textAt(attributes, "container") : null };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function recordAt(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : null;
}

/** Null where it is empty, too. */
function textAt(value: unknown, key: string): string | null {
  const found = recordAt(value, key);
  return typeof found === "string" && found !== "" ? found : null;
}
