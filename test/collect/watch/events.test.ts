import { describe, expect, it } from "vitest";
import { type EngineEvent, readEvents } from "../../../src/collect/watch/events.ts";

const line = (type: string, action: string, id: string, attributes: Readonly<Record<string, string>> = {}): string =>
  `${JSON.stringify({ Type: type, Action: action, Actor: { ID: id, Attributes: attributes }, scope: "local", time: 1 })}\n`;

/** All events of these chunks, and what then is said of the stream. */
async function read(chunks: readonly Buffer[], longest?: number): Promise<{ events: EngineEvent[]; end: string }> {
  const events: EngineEvent[] = [];
  try {
    for await (const event of readEvents(give(chunks), longest)) events.push(event);
    return { events, end: "it ended without a word" };
  } catch (error) {
    return { events, end: String(error) };
  }
}

async function* give(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

describe("the stream of events", () => {
  const text = line("container", "start", "c1", { name: "wéb" }) + line("network", "connect", "n1", { container: "c1" }) + line("container", "prune", "");
  const expected = [
    { type: "container", action: "start", id: "c1", container: null },
    { type: "network", action: "connect", id: "n1", container: "c1" },
    { type: "container", action: "prune", id: null, container: null },
  ];

  it.each([1, 2, 7, 64, 4096])("is read in pieces of %i bytes", async (size) => {
    const bytes = Buffer.from(`\n${text}`);
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
    expect(await read(chunks)).toEqual({ events: expected, end: "ApiError: the stream of events has ended" });
  });

  it.each([
    ["no JSON", "<html>\n"], ["no object", "5\n"], ["no event", "{}\n"], ["an event of before 1.22", '{"status":"start","id":"c1"}\n'],
  ])("is broken by a line that is %s", async (_, rubbish) => {
    expect(await read([Buffer.from(line("container", "die", "c1") + rubbish + text)])).toEqual({
      events: [{ type: "container", action: "die", id: "c1", container: null }], end: "ApiError: the stream of events is broken: a line is no event",
    });
  });

  it("is broken by a line without end", async () => {
    const { events, end } = await read(Array.from({ length: 100 }, () => Buffer.from("x".repeat(100))), 1000);
    expect([events, end]).toEqual([[], "ApiError: the stream of events is broken: a line of more than 1000 bytes"]);
  });
});
