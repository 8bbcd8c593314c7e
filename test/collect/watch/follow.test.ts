/** Following an engine that misbehaves, and one that has much to tell. Real ones: test/e2e/watch.test.ts. */
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it, onTestFinished } from "vitest";
import { openJudge } from "../../../src/cli/watch/judge.ts";
import { followHost } from "../../../src/collect/watch/follow.ts";
import { KINDS } from "../../../src/facts/resource.ts";
import { builtinPolicies, builtinProfiles } from "../../../src/policy/builtin.ts";
import { selectPolicies } from "../../../src/policy/select.ts";
import type { Snapshot } from "../../../src/snapshot/model.ts";
import { VERSION_29 } from "../../support/engine-answers.ts";
import { fail, type Handler, silence } from "../../support/fake-engine.ts";
import { ID, startTeller, type Teller } from "../../support/teller.ts";

interface Followed {
  readonly seen: Snapshot[];
  /** `seen`, `same`, `lost: REASON`, `back`, in their order. */
  readonly story: string[];
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

interface FollowChanges {
  readonly interval?: number;
  readonly timeout?: number;
  readonly see?: (snapshot: Snapshot) => Promise<void>;
}

function follow({ engine }: Teller, { interval = 60_000, timeout = 2_000, see }: FollowChanges = {}): Followed {
  const stop = new AbortController();
  onTestFinished(() => { stop.abort(); });
  const seen: Snapshot[] = [];
  const story: string[] = [];
  const ended = followHost(engine.endpoint, { environment: {}, sysctls: { all: [], inContainers: [] }, tool: { name: "harden", version: "test" }, progress: () => undefined, now: () => new Date(), interval, timeout }, {
    see: see ?? ((snapshot) => { seen.push(snapshot); story.push("seen"); return Promise.resolve(); }),
    seeTheSame: () => { story.push("same"); return Promise.resolve(); },
    lose: (reason) => { story.push(`lost: ${reason.replaceAll(engine.endpoint.path, "SOCKET")}`); },
    regain: () => { story.push("back"); },
  }, stop.signal);
  return { seen, story, ended, stop: () => { stop.abort(); } };
}

/** Waits for what must come; the test's own limit is the only clock. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(5);
}

const nameAt = (snapshot: Snapshot | undefined): unknown => snapshot?.sources.containers.data?.[0]?.inspect?.["Name"];

describe("following an engine", () => {
  it("asks for events since a time of the engine's own clock, before anything else that it looks at", async () => {
    const teller = await startTeller();
    const { story } = follow(teller);
    await until(() => story.length > 0);
    expect(teller.engine.asked.slice(0, 2)).toEqual(["/info", "/events?since=1767323045"]);
  });

  it("does not wait for the stream to begin: podman's does with the first event", async () => {
    const teller = await startTeller({ "/events": (_request: unknown, response: ServerResponse) => { teller.streams.push(response); } });
    const { story } = follow(teller);
    await until(() => story.length === 1 && teller.streams.length === 1);
    teller.tell(1);
    await until(() => story.length === 2);
    expect(story).toEqual(["seen", "seen"]);
  });

  it("asks again for what an event is about, and for nothing else", async () => {
    const teller = await startTeller();
    const { seen } = follow(teller);
    await until(() => seen.length === 1);
    const before = teller.engine.asked.length;
    teller.inspect = { Id: ID, Name: "/shop" };
    teller.tell(1);
    await until(() => seen.length === 2);
    expect(seen.map(nameAt)).toEqual(["/web", "/shop"]);
    expect(teller.engine.asked.slice(before).map((path) => decodeURIComponent(path)).filter((path) => path !== "/version")).toEqual([`/containers/json?all=true&filters={"id":["${ID}"]}`, `/containers/${ID}/json`]);
    expect(seen[1]?.sources.engine).toEqual(seen[0]?.sources.engine);
  });

  it("looks once for a burst of events, and once more for what came meanwhile", async () => {
    const teller = await startTeller();
    const { story } = follow(teller);
    await until(() => story.length === 1);
    for (let burst = 0; burst < 20; burst++) teller.tell(50);
    await until(() => story.length > 1);
    await sleep(300);
    expect(story.length).toBeLessThan(6);
  });

  it("does not look for events that change nothing", async () => {
    const teller = await startTeller();
    const { story } = follow(teller);
    await until(() => story.length === 1);
    teller.tell(100, "exec_create: /bin/health");
    await sleep(200);
    expect(story).toEqual(["seen"]);
  });

  it("says when it has found nothing else", async () => {
    const { story } = follow(await startTeller(), { interval: 20 });
    await until(() => story.length > 2);
    expect(story.slice(0, 3)).toEqual(["seen", "same", "same"]);
  });
});

describe("an engine that is lost", () => {
  it.each<[string, (stream: ServerResponse | undefined) => unknown, string]>([
    ["ends the stream", (stream) => stream?.end(), "the stream of events has ended"],
    ["breaks the connection", (stream) => stream?.destroy(), "the stream of events has ended"],
    ["streams rubbish", (stream) => stream?.write("<html>\n"), "the stream of events is broken: a line is no event"],
  ])("because it %s is told of once, waited for and looked at anew", async (_, harm, reason) => {
    const teller = await startTeller();
    const { story, seen } = follow(teller);
    await until(() => story.length === 1);
    teller.inspect = { Id: ID, Name: "/shop" };
    harm(teller.streams[0]);
    await until(() => story.length >= 4);
    expect(story.slice(0, 4)).toEqual(["seen", `lost: ${reason}`, "back", "seen"]);
    expect(nameAt(seen[1])).toBe("/shop");
  });

  it("because it does not answer any more, with its connections open", async () => {
    const hang = { now: false };
    const version: Handler = (request, response) => { if (!hang.now) response.end(JSON.stringify(VERSION_29)); else silence(request, response); };
    const { story } = follow(await startTeller({ "/version": version }), { interval: 20, timeout: 300 });
    await until(() => story.includes("same"));
    hang.now = true;
    await until(() => story.some((word) => word.startsWith("lost")));
    expect(story.filter((word) => word !== "same")).toEqual(["seen", "lost: GET /version: no whole answer within 0.3 s"]);
  });

  it("is not there at the start", async () => {
    const teller = await startTeller();
    teller.engine.die();
    const { story } = follow(teller);
    await until(() => story.length > 0);
    await sleep(300);
    expect(story).toEqual(["lost: there is no engine at unix://SOCKET"]);
  });

  it("may not be used at the start: that is an error", async () => {
    const { ended } = follow(await startTeller({ "/events": fail(403, "not for you") }));
    await expect(ended).rejects.toThrow("GET /events?since=1767323045: HTTP 403 not for you");
  });
});

it("takes no more memory after 10,000 events than after 1,000, judging included", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const policies = selectPolicies({ builtin: builtinPolicies(KINDS), profiles: builtinProfiles(), foreign: [], profile: null, settings: null, mode: "live" });
  const judge = await openJudge(policies, null, { file: undefined, latestIn: null }, () => undefined);
  const teller = await startTeller();
  let [looks, changes] = [0, 0];
  follow(teller, { async see(snapshot) { changes += (await judge.see(snapshot)).length; looks++; } });
  await until(() => looks === 1);
  const heaps: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const before = looks;
    teller.inspect = { Id: ID, Name: "/web", HostConfig: { PidMode: round % 2 === 0 ? "" : "host" } };
    teller.tell(10_000 / ROUNDS);
    await until(() => looks > before);
    if (round % (ROUNDS / 10) !== 0) continue;
    collect();
    heaps.push(process.memoryUsage().heapUsed);
  }
  expect(changes).toBeGreaterThanOrEqual(ROUNDS);
  const [first = 0, last = 0] = [heaps[0], heaps.at(-1)];
  expect((last - first) / 1024 / 1024).toBeLessThan(2);
}, 120_000);

/** As many looks at least. */
const ROUNDS = 40;
