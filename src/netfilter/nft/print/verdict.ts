import type { NftVerdict } from "../terms.ts";

/** `drop`, `jump CHAIN`. */
export function printVerdict(verdict: NftVerdict): string {
  return verdict.kind === "jump" || verdict.kind === "goto" ? `${verdict.kind} ${verdict.chain}` : verdict.kind;
}
