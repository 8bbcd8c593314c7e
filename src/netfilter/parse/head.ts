/** What stands before a rule's options: `[PACKETS:BYTES] -A CHAIN`. */
import { RulesetError } from "../errors.ts";
import type { Counters, Token } from "../model.ts";
import { toCounters } from "./lines.ts";

/** `place` (from 1) is where the rule goes in its chain, null at the end. */
export interface Head {
  readonly chain: string;
  readonly place: number | null;
  readonly counters: Counters | null;
  /** Position of the first token behind it. */
  readonly next: number;
}

/** Reads counters, command and chain. Only -A and -I belong in a rule set; what else iptables-restore takes is refused. */
export function readHead(tokens: readonly Token[], line: number): Head {
  const [, packets, bytes] = /^\[(\d+):(\d+)\]$/.exec(tokens[0]?.value ?? "") ?? [];
  const counters = toCounters(packets, bytes);
  const at = counters === null ? 0 : 1;
  const command = tokens[at]?.value;
  const chain = tokens[at + 1]?.value;
  if (command !== "-A" && command !== "--append" && command !== "-I" && command !== "--insert") {
    throw new RulesetError(`expected a table, a chain, a rule (-A) or COMMIT, not ${JSON.stringify(command ?? "")}`, line);
  }
  if (chain === undefined) throw new RulesetError(`${command} needs a chain`, line);
  if (command === "-A" || command === "--append") return { chain, place: null, counters, next: at + 2 };
  const place = /^[1-9]\d*$/.exec(tokens[at + 2]?.value ?? "")?.[0];
  return { chain, place: Number(place ?? 1), counters, next: place === undefined ? at + 2 : at + 3 };
}
