/** Follows a host: a snapshot at first, and a new one whenever an event of the engine or a poll of this machine tells of a change. */
import { setTimeout as sleep } from "node:timers/promises";
import { HardenError } from "../../errors.ts";
import type { Endpoint } from "../endpoint.ts";
import { followConnection, type FollowOptions, type Onlooker } from "./connection.ts";

/** What is told to whoever follows. */
export interface Follower extends Onlooker {
  /** The engine cannot be reached, or is lost, for this reason. Told once, until it is back. */
  readonly lose: (reason: string) => void;
  /** It is back. What changed meanwhile is seen next. */
  readonly regain: () => void;
}

/** Between two attempts to reach the engine, milliseconds. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 2_000;
/** After a connection that held for so long, in milliseconds, the next attempt comes soon. */
const GOOD = 30_000;

/** Until `signal` says to end. Throws HardenError if the engine may not be used at the start; nothing that it does later ends it. */
export async function followHost(endpoint: Endpoint, options: FollowOptions, follower: Follower, signal: AbortSignal): Promise<void> {
  let wait = FIRST_WAIT;
  let isLost = false;
  let isFirst = true;
  while (!signal.aborted) {
    const start = performance.now();
    const { status, detail } = await followConnection(endpoint, options, {
      async see(snapshot) {
        if (isLost) follower.regain();
        isLost = false;
        isFirst = false;
        await follower.see(snapshot);
      },
      seeTheSame: follower.seeTheSame,
    }, signal);
    if (status === "ok") return;
    if (isFirst && status === "denied") throw new HardenError(detail ?? status);
    if (!isLost) follower.lose(detail ?? status);
    isLost = true;
    isFirst = false;
    wait = performance.now() - start > GOOD ? FIRST_WAIT : Math.min(2 * wait, LONGEST_WAIT);
    await sleep(wait, undefined, { signal }).catch(() => undefined);
  }
}
