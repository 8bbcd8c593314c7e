/** One connection to the engine's stream of events, from the first look until it is lost. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Snapshot } from "../../snapshot/model.ts";
import { connectEngine, type EngineClient } from "../client.ts";
import { type CollectOptions, joinHost, type Look, lookAt } from "../collect.ts";
import type { Endpoint } from "../endpoint.ts";
import { fromApiError } from "../engine.ts";
import { SOURCE_TIMEOUT } from "../subject.ts";
import { collectSysctl } from "../sysctl.ts";
import { ApiError } from "../transport.ts";
import { askAgain } from "./ask-again.ts";
import { followEvents } from "./events.ts";
import { collectEvents, type Pending } from "./pending.ts";
import { type ComposePoll, pollCompose, pollKernel } from "./poll.ts";
import { POLLED } from "./steady.ts";
import { readSysctlAgain } from "./sysctl-again.ts";
import { isUntouched, type Touched } from "./touched.ts";

export interface FollowOptions extends CollectOptions, Partial<ComposePoll> {
  /** Time between two polls of what tells of no change by itself, milliseconds. */
  readonly interval: number;
}

/** What no event and no poll tells of (files, accounts, who listens, the day on which a waiver ends) is looked at anew after so many milliseconds. */
const WHOLE_INTERVAL = 300_000;

/** The longest rest between two looks, milliseconds. */
const LONGEST_REST = 200;

/** What the engine changes it tells of a moment later, milliseconds: a poll that comes between is waited with. */
const EVENT_DELAY = 300;

/** A look during which more happened shows a host that never was: the next one is waited for, unless what happened is older than this, milliseconds. */
const PATIENCE = 400;

export interface Onlooker {
  /** A snapshot that is whole: the engine was there from its beginning to its end. */
  readonly see: (snapshot: Snapshot) => Promise<void>;
  /** Another look found nothing else than what was seen last. */
  readonly seeTheSame: () => Promise<void>;
}

/** Resolves with what is said of the engine when it cannot be reached or is lost; with `ok` when `signal` said to end. */
export async function followConnection(endpoint: Endpoint, options: FollowOptions, onlooker: Onlooker, signal: AbortSignal): Promise<Answer<never>> {
  const client = connectEngine(endpoint, options.timeout ?? SOURCE_TIMEOUT);
  const stream = new AbortController();
  try {
    // From before the first look on, so that nothing happens between the two unseen.
    const events = followEvents(endpoint, await readClock(client), stream.signal);
    await follow({ endpoint, options, client, pending: collectEvents(events, signal), onlooker, signal });
    return { status: "ok", detail: null, data: null };
  } catch (error) {
    if (error instanceof ApiError) return fromApiError(error, endpoint);
    throw error;
  } finally {
    stream.abort();
  }
}

/** The engine's own clock, seconds since the epoch: that of another machine may differ from ours. */
async function readClock(client: EngineClient): Promise<number | null> {
  const { SystemTime: time } = await client.info();
  const milliseconds = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000);
}

interface Connection {
  readonly endpoint: Endpoint;
  readonly options: FollowOptions;
  readonly client: EngineClient;
  readonly pending: Pending;
  readonly onlooker: Onlooker;
  readonly signal: AbortSignal;
}

/** Throws ApiError as soon as the engine is lost: a look that it was lost in is nobody's. */
async function follow({ endpoint, options, client, pending, onlooker, signal }: Connection): Promise<void> {
  let look: Look | null = null;
  let unseenSince: number | null = null;
  let [wholeAt, polledAt] = [0, 0];
  while (!signal.aborted) {
    const start = performance.now();
    const touched = pending.take();
    const isWhole: boolean = look === null || touched.everything || start - wholeAt >= WHOLE_INTERVAL;
    const isPolled: boolean = isWhole || start - polledAt >= options.interval;
    const next: Look | null = look === null || isWhole ? await lookAt(endpoint, options) : await lookAgain({ endpoint, options, client, touched, isPolled }, look);
    await refuseLost(client, pending);
    // What could be read before and cannot now may be read elsewhere by now: the engine is looked for anew.
    if (isWhole) wholeAt = start;
    else if (look !== null && next !== null && hasLost(look.snapshot, next.snapshot)) wholeAt = Number.NEGATIVE_INFINITY;
    if (isPolled) polledAt = start;
    if (next !== null) {
      look = next;
      unseenSince ??= start;
      if (isUntouched(touched) && !isWhole) await pending.wait(EVENT_DELAY);
      refuseBroken(pending);
    }
    if (unseenSince === null) await onlooker.seeTheSame();
    else if (look !== null && (!pending.isTouched() || performance.now() - unseenSince > PATIENCE)) {
      unseenSince = null;
      await onlooker.see(look.snapshot);
    }
    // Where events never cease, others get some of the time.
    if (!isUntouched(touched)) await sleep(Math.min(performance.now() - start, LONGEST_REST), undefined, { signal }).catch(() => undefined);
    await pending.wait(Math.max(0, polledAt + options.interval - performance.now()));
    refuseBroken(pending);
  }
}

function hasLost(before: Snapshot, now: Snapshot): boolean {
  return POLLED.some((name) => before.sources[name].status === "ok" && now.sources[name].status !== "ok");
}

/** A peer that has died without closing its connection does not answer either. */
async function refuseLost(client: EngineClient, pending: Pending): Promise<void> {
  await client.version();
  refuseBroken(pending);
}

function refuseBroken(pending: Pending): void {
  const broken = pending.broken();
  if (broken !== null) throw broken;
}

interface Again {
  readonly endpoint: Endpoint;
  readonly options: FollowOptions;
  readonly client: EngineClient;
  readonly touched: Touched;
  readonly isPolled: boolean;
}

/** What was touched is asked for, and this machine read anew where that may have changed it; without events what is polled. Null: nothing has changed. */
async function lookAgain({ endpoint, options, client, touched, isPolled }: Again, { snapshot, subject }: Look): Promise<Look | null> {
  const { sources } = snapshot;
  if (!isUntouched(touched)) {
    const readSysctl: Parameters<typeof joinHost>[3] = (now, interfaces) =>
      isPolled ? collectSysctl(now, options.sysctls, interfaces) : readSysctlAgain(now, options.sysctls, interfaces, { before: sources.sysctl, touched: touched.containers });
    return joinHost(endpoint, options, askAgain(client, endpoint, sources, touched), readSysctl);
  }
  const polled = typeof subject === "string" ? null : await pollKernel(subject, options.sysctls, sources);
  const kernel = polled === null ? snapshot : { ...snapshot, sources: { ...sources, ...polled } };
  const { readCompose, hasComposeChanged } = options;
  const composed = readCompose === undefined || hasComposeChanged === undefined ? null : await pollCompose(kernel, { readCompose, hasComposeChanged });
  return polled === null && composed === null ? null : { subject, snapshot: { ...(composed ?? kernel), collectedAt: options.now().toISOString() } };
}
