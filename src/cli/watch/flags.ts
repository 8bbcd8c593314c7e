/** What `harden watch` is told. */
import type { ChangeFormat } from "../../report/changes.ts";
import type { JudgeFlags } from "../judge-flags.ts";

export interface WatchFlags extends Pick<JudgeFlags, "profile" | "policies" | "config" | "baseline"> {
  readonly output?: ChangeFormat;
  readonly reports?: string;
  /** Seconds. */
  readonly interval?: number;
}
