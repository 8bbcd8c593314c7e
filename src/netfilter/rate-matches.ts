/** Conditions that depend on what came before: the packet itself does not decide them. */

/** Amount in `perSeconds` (1, 60, 3600 or 86400), counted in packets or bytes. */
export interface Rate {
  readonly amount: number;
  readonly unit: "packets" | "bytes";
  readonly perSeconds: number;
}

/** -m limit: one bucket for all packets that reach the rule. Burst 5 unless written. */
export interface LimitMatch {
  readonly kind: "limit";
  readonly rate: Rate;
  readonly burst: number;
}

/** -m hashlimit: a bucket for each value of `keys` (none: one for all). Matches within the rate, or, `above`, beyond it. */
export interface HashlimitMatch {
  readonly kind: "hashlimit";
  readonly above: boolean;
  readonly rate: Rate;
  /** Packets, or bytes for a rate in bytes; null where that has none. 5 unless written. */
  readonly burst: number | null;
  readonly name: string;
  /** srcip, srcport, dstip, dstport; sorted. */
  readonly keys: readonly string[];
  /** Prefix lengths that addresses are cut to. */
  readonly sourcePrefix: number;
  readonly destinationPrefix: number;
  /** Compares the measured rate instead of emptying a bucket. */
  readonly rateMatch: boolean;
}

/** -m connlimit: connections of one network (prefix length `prefix`) above, or up to, a count. Source unless written. */
export interface ConnlimitMatch {
  readonly kind: "connlimit";
  readonly above: boolean;
  readonly count: number;
  readonly prefix: number;
  readonly by: "source" | "destination";
}

/** -m recent: the list `name` of addresses, written and read by rules. */
export interface RecentMatch {
  readonly kind: "recent";
  readonly action: "set" | "rcheck" | "update" | "remove";
  readonly negated: boolean;
  readonly seconds: number | null;
  readonly reap: boolean;
  readonly hitcount: number | null;
  readonly sameTtl: boolean;
  readonly name: string;
  readonly mask: string;
  readonly by: "source" | "destination";
}
