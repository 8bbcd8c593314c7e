import { expect, test } from "vitest";
import { connectEngine } from "../../src/collect/client.ts";
import { collectContainers } from "../../src/collect/containers.ts";
import type { Answer, ContainerAnswer } from "../../src/snapshot/model.ts";
import { fail, type FakeEngine, silence, startFakeEngine, type Answers } from "../support/fake-engine.ts";

const entry = (id: string): object => ({ Id: id, Names: [`/name-of-${id}`, "/alias/x"] });

/** An engine that lists these containers, and answers to inspect what is given. */
function serve(inspects: Readonly<Record<string, unknown>>): Answers {
  const answers = Object.entries(inspects).map(([id, answer]) => [`/containers/${id}/json`, answer] as const);
  return { "/containers/json": Object.keys(inspects).map(entry), ...Object.fromEntries(answers) };
}

async function collect({ endpoint }: FakeEngine): Promise<Answer<ContainerAnswer[]>> {
  return collectContainers(connectEngine(endpoint, 200), endpoint, () => undefined);
}

test("all are inspected, redacted, in the order of their names", async () => {
  const answer = await collect(await startFakeEngine(serve({ b: { Env: ["PASSWORD=hunter2hunter2"] }, a: {} })));
  expect(answer).toEqual({
    status: "ok", detail: null,
    data: [
      { id: "a", name: "name-of-a", inspect: {}, error: null },
      { id: "b", name: "name-of-b", inspect: { Env: ["PASSWORD=[redacted:password]"] }, error: null },
    ],
  });
});

test("one that is removed meanwhile is left out and counted", async () => {
  const answer = await collect(await startFakeEngine(serve({ a: {}, b: fail(404, "No such container: b") })));
  expect([answer.status, answer.detail, answer.data?.map(({ id }) => id)]).toEqual(["ok", "1 container was removed while harden looked", ["a"]]);
});

test.each([
  ["HTTP 500", fail(500, "driver failed"), "GET /containers/b/json: HTTP 500 driver failed"],
  ["no JSON", (...[, response]: Parameters<typeof silence>) => response.end("{"), "GET /containers/b/json: the answer is no JSON"],
  ["no object", null, "GET /containers/b/json: the answer is no JSON object"],
  ["silence", silence, "GET /containers/b/json: no whole answer within 0.2 s"],
  // JSON.parse takes it, recursion does not.
  ["an endless nesting", (...[, response]: Parameters<typeof silence>) => response.end(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`), "harden failed to read the answer: RangeError: Maximum call stack size exceeded"],
])("one that answers with %s stays, with the error", async (_, inspect, error) => {
  const answer = await collect(await startFakeEngine(serve({ a: {}, b: inspect, c: {}, d: fail(404, "gone") })));
  expect(answer.status).toBe("failed");
  expect(answer.detail).toBe(`1 of 3 containers could not be inspected: ${error}; 1 container was removed while harden looked`);
  expect(answer.data?.map(({ id, inspect: seen, error: why }) => [id, seen, why])).toEqual([["a", {}, null], ["b", null, error], ["c", {}, null]]);
});

test("an engine that dies half way: what was gathered is kept, the others are there without an answer", async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `c${index}`);
  const engine = await startFakeEngine({
    ...serve(Object.fromEntries(ids.map((id) => [id, {}]))),
    "/containers/c20/json": () => { engine.die(); },
  });
  const answer = await collect(engine);
  expect(answer.status).toBe("failed");
  expect(answer.detail).toMatch(/^\d+ of 40 containers could not be inspected: GET \/containers\/c\d+\/json: /);
  expect(answer.data).toHaveLength(40);
  const [seen, unseen] = [answer.data?.filter(({ error }) => error === null), answer.data?.filter(({ error }) => error !== null)];
  expect(seen?.every(({ inspect }) => inspect !== null)).toBe(true);
  expect(unseen?.every(({ inspect }) => inspect === null)).toBe(true);
  expect([(seen?.length ?? 0) > 0, (unseen?.length ?? 0) >= 20]).toEqual([true, true]);
});

test("an engine that stops answering costs one time-out, not one for each container", async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `c${index}`);
  const engine = await startFakeEngine(serve(Object.fromEntries(ids.map((id) => [id, silence]))));
  const start = Date.now();
  const answer = await collect(engine);
  expect(Date.now() - start).toBeLessThan(2000);
  expect([answer.status, answer.data?.length, engine.asked.length]).toEqual(["failed", 200, 18]);
  expect(answer.data?.filter(({ error }) => error === "not asked, since the engine answers too slowly or not at all")).toHaveLength(184);
});

test("containers that never answer do not hold up the others", async () => {
  const ids = Array.from({ length: 60 }, (_, index) => `c${index}`);
  const answer = await collect(await startFakeEngine(serve(Object.fromEntries(ids.map((id, index) => [id, index % 10 === 0 ? silence : {}])))));
  expect(answer.data?.filter(({ error }) => error !== null).map(({ id }) => id).sort()).toEqual(["c0", "c10", "c20", "c30", "c40", "c50"]);
});

test.each([
  ["HTTP 403", fail(403, "authorization denied by plugin"), "denied", "GET /containers/json?all=true: HTTP 403 authorization denied by plugin"],
  ["HTTP 500", fail(500, "no"), "failed", "GET /containers/json?all=true: HTTP 500 no"],
  ["something else", { Id: "a" }, "failed", "GET /containers/json: the answer is no list of JSON objects with a text Id"],
])("a list that is answered with %s", async (_, list, status, detail) => {
  expect(await collect(await startFakeEngine({ "/containers/json": list }))).toEqual({ status, detail, data: null });
});
