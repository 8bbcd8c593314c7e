/** Marks, contents, chance and comments: -m mark, connmark, string, u32, statistic, comment. */
import type { Condition, MarkMatch, StatisticMatch, StringMatch } from "../../matches.ts";
import { type Extension, type Option, Unmodelled, find, isGiven, negatable, plain, required } from "../given.ts";
import { toInteger, toMaskedMark } from "../values.ts";

const markOptions = { "--mark": 1 };

export const contentExtensions: Readonly<Record<string, Extension<Condition>>> = {
  mark: { options: markOptions, build: (given) => buildMark("mark", given) },
  connmark: { options: markOptions, build: (given) => buildMark("connmark", given) },
  string: {
    options: { "--string": 1, "--hex-string": 1, "--algo": 1, "--from": 1, "--to": 1, "--icase": 0 },
    build: buildString,
  },
  u32: {
    options: { "--u32": 1 },
    build: (given) => {
      const { negated, value } = required(negatable(find(given, "--u32"), (text) => text));
      return { kind: "u32", negated, expression: value };
    },
  },
  statistic: { options: { "--mode": 1, "--probability": 1, "--every": 1, "--packet": 1 }, build: buildStatistic },
  comment: {
    options: { "--comment": 1 },
    build: (given) => ({ kind: "comment", text: required(plain(find(given, "--comment"), (text) => text)) }),
  },
};

function buildMark(kind: MarkMatch["kind"], given: readonly Option[]): MarkMatch {
  const { negated, value } = required(negatable(find(given, "--mark"), toMaskedMark));
  return { kind, negated, ...value };
}

function buildString(given: readonly Option[]): StringMatch {
  const text = negatable(find(given, "--string"), (value) => value);
  const hex = negatable(find(given, "--hex-string"), (value) => value);
  if (text !== null && hex !== null) throw new Unmodelled("two patterns");
  const { negated, value } = required(text ?? hex);
  return {
    kind: "string",
    negated,
    pattern: value,
    hex: hex !== null,
    algorithm: required(plain(find(given, "--algo"), (name) => name)),
    from: plain(find(given, "--from"), (offset) => toInteger(offset, 65535)) ?? 0,
    to: plain(find(given, "--to"), (offset) => toInteger(offset, 65535)) ?? 65535,
    ignoreCase: isGiven(find(given, "--icase")),
  };
}

function buildStatistic(given: readonly Option[]): StatisticMatch {
  const mode = plain(find(given, "--mode"), (name) => name);
  if (mode === "nth") {
    const { negated, value } = required(negatable(find(given, "--every"), toCount));
    return { kind: "statistic", mode, negated, every: value, packet: plain(find(given, "--packet"), toCount) ?? 0 };
  }
  if (mode !== "random") throw new Unmodelled("statistic without a known mode");
  const { negated, value } = required(negatable(find(given, "--probability"), toProbability));
  return { kind: "statistic", mode, negated, probability: value };
}

function toCount(text: string): number {
  return toInteger(text);
}

/** As the kernel keeps it, in steps of 2^-31: 0.33 is printed as 0.33000000007. */
function toProbability(text: string): number {
  const probability = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || probability > 1) throw new Unmodelled(text);
  return Math.round(probability * 2 ** 31) / 2 ** 31;
}
