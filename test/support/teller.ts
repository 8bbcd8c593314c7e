/** An engine in whose place a test says what happens: one container, and a stream of events. */
import type { ServerResponse } from "node:http";
import { INFO_29, VERSION_29 } from "./engine-answers.ts";
import { type Answers, type FakeEngine, type Handler, startFakeEngine } from "./fake-engine.ts";

export interface Teller {
  readonly engine: FakeEngine;
  /** Whom it streams events to, the last one last. */
  readonly streams: ServerResponse[];
  /** Sends the same event about the container so many times. */
  readonly tell: (count: number, action?: string) => void;
  /** The inspect answer of the container. */
  inspect: Record<string, unknown>;
}

/** Of the container. */
export const ID = "c".repeat(64);

/** `answers` go before its own. Ends with the test. */
export async function startTeller(answers: Answers = {}): Promise<Teller> {
  const streams: ServerResponse[] = [];
  const openStream: Handler = (_request, response) => {
    response.flushHeaders();
    streams.push(response);
  };
  const answer: Handler = (_request, response) => response.end(JSON.stringify(teller.inspect));
  const engine = await startFakeEngine({
    "/info": { ...INFO_29, SystemTime: "2026-01-02T03:04:05.6Z" }, "/version": VERSION_29, "/events": openStream, "/networks": [], "/volumes": { Volumes: [] },
    "/containers/json": [{ Id: ID, Names: ["/web"] }], [`/containers/${ID}/json`]: answer, ...answers,
  });
  const teller: Teller = {
    engine, streams, inspect: { Id: ID, Name: "/web" },
    tell(count, action = "rename") {
      const line = `${JSON.stringify({ Type: "container", Action: action, Actor: { ID, Attributes: {} } })}\n`;
      streams.at(-1)?.write(line.repeat(count));
    },
  };
  return teller;
}
