/** Whether a change that waits for confirmation goes back now. */
import type { Journal, State } from "../journal/model.ts";

/** When and where it is asked. */
export interface Moment {
  /** By `readUptime`. */
  readonly uptime: number;
  /** By `readBoot`. */
  readonly boot: string;
}

export type Standing =
  | { readonly kind: "settled"; readonly state: "kept" | "undone" }
  | { readonly kind: "waiting"; readonly seconds: number }
  | { readonly kind: "due"; readonly reason: string };

/**
 * `since`: the uptime at which the run came into its state. The time counts from there: a person has all of it from the moment at which all is
 * in force, and a run or a confirmation that died on its way is taken back when it should have been done. What a kernel that is gone had
 * done is due at once, and so is a rollback that was cut off.
 */
export function judgeStanding(state: State, since: number, confirm: NonNullable<Journal["confirm"]>, { uptime, boot }: Moment): Standing {
  if (state === "kept" || state === "undone") return { kind: "settled", state };
  if (boot !== confirm.boot) return { kind: "due", reason: "the machine was started anew before it was confirmed" };
  if (state === "undoing") return { kind: "due", reason: "the rollback was cut off" };
  const seconds = since + confirm.seconds - uptime;
  if (seconds > 0) return { kind: "waiting", seconds };
  return { kind: "due", reason: REASONS[state](confirm.seconds) };
}

const REASONS: Readonly<Record<"applying" | "awaiting" | "keeping", (seconds: number) => string>> = {
  applying: () => "the run that applied it has died",
  awaiting: (seconds) => `not confirmed within ${seconds} s`,
  keeping: () => "the confirmation was cut off",
};
