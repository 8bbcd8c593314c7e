/** What events have touched since the last look: however many come, one look answers them all. */
import { setTimeout as sleep } from "node:timers/promises";
import type { EngineEvent } from "./events.ts";
import { isUntouched, touch, touchNothing, type Touched } from "./touched.ts";

export interface Pending {
  /** Resolves when something was touched or the stream broke, after `longest` milliseconds at the latest. */
  readonly wait: (longest: number) => Promise<void>;
  readonly isTouched: () => boolean;
  /** What was touched since it was last taken. */
  readonly take: () => Touched;
  /** Why the stream broke; null while it holds. */
  readonly broken: () => Error | null;
}

/** A container that starts brings several events within this time, milliseconds: they are waited for. */
const SETTLE = 50;

/** Reads the stream to its end, whoever waits. */
export function collectEvents(events: AsyncIterable<EngineEvent>, signal: AbortSignal): Pending {
  let touched = touchNothing();
  let broken: Error | null = null;
  let wake = (): void => undefined;
  const isDue = (): boolean => !isUntouched(touched) || broken !== null || signal.aborted;
  signal.addEventListener("abort", () => { wake(); }, { once: true });
  const read = async (): Promise<void> => {
    for await (const event of events) {
      touch(touched, event);
      if (isDue()) wake();
    }
  };
  read().catch((error: unknown) => {
    broken = error instanceof Error ? error : new Error(String(error));
    wake();
  });
  return {
    async wait(longest) {
      if (!isDue()) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, longest);
          wake = () => { clearTimeout(timer); resolve(); };
        });
      }
      if (!isUntouched(touched)) await sleep(SETTLE, undefined, { signal }).catch(() => undefined);
    },
    isTouched: () => !isUntouched(touched),
    take() {
      const taken = touched;
      touched = touchNothing();
      return taken;
    },
    broken: () => broken,
  };
}
