/** What a packet's fate was expected to be, and whether it is. */
import { parseAddress, formatAddress, type Walk } from "../../netfilter/index.ts";
import type { VERDICTS } from "./words.ts";

export interface Expectation {
  readonly verdict: (typeof VERDICTS)[number];
  /** Where it is to go; null: anywhere. */
  readonly to: { readonly address: string; readonly port: number | null } | null;
}

export type Outcome = "met" | "differs" | "unknown";

/** An expected `unknown` is met by it; else what is unknown neither meets an expectation nor differs from it. */
export function judgeExpectation({ verdict, to }: Expectation, walk: Pick<Walk, "verdict" | "to">): Outcome {
  if (walk.verdict !== verdict) return walk.verdict === "unknown" ? "unknown" : "differs";
  if (to === null) return "met";
  if (walk.to === null) return "unknown";
  const isThere = normal(walk.to.address) === normal(to.address) && (to.port === null || walk.to.port === to.port);
  return isThere ? "met" : "differs";
}

function normal(text: string): string {
  const address = parseAddress(text);
  return address === null ? text : formatAddress(address);
}
