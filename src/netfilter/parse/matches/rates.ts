/** What depends on how much came before: -m limit, hashlimit, connlimit, recent. */
import { addressBits, formatAddress, prefixMask } from "../../addresses.ts";
import type { Condition } from "../../matches.ts";
import type { ConnlimitMatch, HashlimitMatch, LimitMatch, Rate, RecentMatch } from "../../rate-matches.ts";
import { type Extension, type Option, Unmodelled, find, isGiven, negatable, plain, required } from "../given.ts";
import { toAddress, toInteger, toSortedWords } from "../values.ts";

export const rateExtensions: Readonly<Record<string, Extension<Condition>>> = {
  limit: { options: { "--limit": 1, "--limit-burst": 1 }, build: buildLimit },
  hashlimit: {
    options: {
      "--hashlimit": 1, "--hashlimit-upto": 1, "--hashlimit-above": 1, "--hashlimit-burst": 1, "--hashlimit-mode": 1, "--hashlimit-name": 1,
      "--hashlimit-srcmask": 1, "--hashlimit-dstmask": 1, "--hashlimit-htable-size": 1, "--hashlimit-htable-max": 1,
      "--hashlimit-htable-gcinterval": 1, "--hashlimit-htable-expire": 1, "--hashlimit-rate-match": 0, "--hashlimit-rate-interval": 1,
    },
    build: buildHashlimit,
  },
  connlimit: {
    options: { "--connlimit-upto": 1, "--connlimit-above": 1, "--connlimit-mask": 1, "--connlimit-saddr": 0, "--connlimit-daddr": 0 },
    build: buildConnlimit,
  },
  recent: {
    options: {
      "--set": 0, "--rcheck": 0, "--update": 0, "--remove": 0, "--seconds": 1, "--reap": 0, "--hitcount": 1, "--rttl": 0,
      "--name": 1, "--rsource": 0, "--rdest": 0, "--mask": 1,
    },
    build: buildRecent,
  },
};

const defaultBurst = 5;

function buildLimit(given: readonly Option[]): LimitMatch {
  return {
    kind: "limit",
    // 3/hour is the default of xt_limit.
    rate: plain(find(given, "--limit"), toRate) ?? { amount: 3, unit: "packets", perSeconds: 3600 },
    burst: plain(find(given, "--limit-burst"), toInteger) ?? defaultBurst,
  };
}

function buildHashlimit(given: readonly Option[], family: 4 | 6): HashlimitMatch {
  const { above, value } = required(oneOf(given, ["--hashlimit-upto", "--hashlimit"], ["--hashlimit-above"]));
  const rate = toRate(value);
  if (find(given, "--hashlimit-rate-interval") !== null) throw new Unmodelled("--hashlimit-rate-interval");
  return {
    kind: "hashlimit",
    above,
    rate,
    burst: plain(find(given, "--hashlimit-burst"), rate.unit === "bytes" ? toBytes : toInteger) ?? (rate.unit === "bytes" ? null : defaultBurst),
    name: required(plain(find(given, "--hashlimit-name"), (name) => name)),
    keys: plain(find(given, "--hashlimit-mode"), toSortedWords(["srcip", "srcport", "dstip", "dstport"])) ?? [],
    sourcePrefix: plain(find(given, "--hashlimit-srcmask"), (text) => toInteger(text, addressBits(family))) ?? addressBits(family),
    destinationPrefix: plain(find(given, "--hashlimit-dstmask"), (text) => toInteger(text, addressBits(family))) ?? addressBits(family),
    rateMatch: isGiven(find(given, "--hashlimit-rate-match")),
  };
}

function buildConnlimit(given: readonly Option[], family: 4 | 6): ConnlimitMatch {
  const { above, value } = required(oneOf(given, ["--connlimit-upto"], ["--connlimit-above"]));
  isGiven(find(given, "--connlimit-saddr"));
  return {
    kind: "connlimit",
    above,
    count: toInteger(value),
    prefix: plain(find(given, "--connlimit-mask"), (text) => toInteger(text, addressBits(family))) ?? addressBits(family),
    by: isGiven(find(given, "--connlimit-daddr")) ? "destination" : "source",
  };
}

function buildRecent(given: readonly Option[], family: 4 | 6): RecentMatch {
  const [action, ...others] = (["set", "rcheck", "update", "remove"] as const).filter((name) => find(given, `--${name}`) !== null);
  if (action === undefined || others.length > 0) throw new Unmodelled("recent without one action");
  isGiven(find(given, "--rsource"));
  return {
    kind: "recent",
    action,
    negated: required(find(given, `--${action}`)).negated,
    seconds: plain(find(given, "--seconds"), toInteger),
    reap: isGiven(find(given, "--reap")),
    hitcount: plain(find(given, "--hitcount"), toInteger),
    sameTtl: isGiven(find(given, "--rttl")),
    name: plain(find(given, "--name"), (name) => name) ?? "DEFAULT",
    mask: plain(find(given, "--mask"), toAddress) ?? formatAddress({ family, value: prefixMask(addressBits(family), family) }),
    by: isGiven(find(given, "--rdest")) ? "destination" : "source",
  };
}

/** The limit and its direction; `!` turns one direction into the other. */
function oneOf(given: readonly Option[], upto: readonly string[], above: readonly string[]): { readonly above: boolean; readonly value: string } | null {
  const low = negatable(find(given, ...upto), (value) => value);
  const high = negatable(find(given, ...above), (value) => value);
  if (low !== null && high !== null) throw new Unmodelled("two limits");
  if (low !== null) return { above: low.negated, value: low.value };
  return high === null ? null : { above: !high.negated, value: high.value };
}

const periods = [
  { name: "second", seconds: 1 },
  { name: "minute", seconds: 60 },
  { name: "hour", seconds: 3600 },
  { name: "day", seconds: 86400 },
];

/** `10/sec`, `5/minute`, `3/h`; `40mb/s` is a rate in bytes. A number alone is per second. */
function toRate(text: string): Rate {
  const [amount = "", unit = "second", ...rest] = text.split("/");
  if (rest.length > 0) throw new Unmodelled(text);
  if (amount.endsWith("b") && unit === "s") return { amount: toBytes(amount), unit: "bytes", perSeconds: 1 };
  const period = periods.find(({ name }) => unit !== "" && name.startsWith(unit.toLowerCase()));
  return { amount: toInteger(amount), unit: "packets", perSeconds: required(period ?? null).seconds };
}

/** `512b`, `40kb`, `10mb`; units of 1024. */
function toBytes(text: string): number {
  const [, digits = "", unit = ""] = /^(\d+)(|k|m)b?$/.exec(text) ?? [];
  return toInteger(digits) * (unit === "k" ? 1024 : unit === "m" ? 1024 ** 2 : 1);
}
