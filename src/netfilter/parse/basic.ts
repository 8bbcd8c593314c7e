/** The options that need no extension: iptables(8), PARAMETERS. */
import type { Condition } from "../matches.ts";
import { type Option, Unmodelled } from "./given.ts";
import { toInterface, toNetwork, toProtocol } from "./values.ts";

interface BasicOption {
  /** Its long name, without dashes. */
  readonly name: string;
  readonly arity: number;
}

const basicOptions = new Map<string, BasicOption>(
  [
    { name: "source", arity: 1, spellings: ["-s", "--source", "--src"] },
    { name: "destination", arity: 1, spellings: ["-d", "--destination", "--dst"] },
    { name: "in-interface", arity: 1, spellings: ["-i", "--in-interface"] },
    { name: "out-interface", arity: 1, spellings: ["-o", "--out-interface"] },
    { name: "protocol", arity: 1, spellings: ["-p", "--protocol", "--proto"] },
    { name: "fragment", arity: 0, spellings: ["-f", "--fragment"] },
    { name: "match", arity: 1, spellings: ["-m", "--match"] },
    { name: "jump", arity: 1, spellings: ["-j", "--jump"] },
    { name: "goto", arity: 1, spellings: ["-g", "--goto"] },
    { name: "set-counters", arity: 2, spellings: ["-c", "--set-counters"] },
  ].flatMap(({ name, arity, spellings }) => spellings.map((spelling) => [spelling, { name, arity }] as const)),
);

/** The basic option of that spelling; null if it is none. */
export function findBasicOption(spelling: string): BasicOption | null {
  return basicOptions.get(spelling) ?? null;
}

/** The condition that a basic option states. Throws `Unmodelled` for a strange value. */
export function buildBasic({ name, negated, values: [value = ""] }: Option): Condition {
  switch (name) {
    case "source":
    case "destination":
      return { kind: name, negated, networks: value.split(",").map(toNetwork) };
    case "in-interface":
    case "out-interface":
      return { kind: name, negated, ...toInterface(value) };
    case "protocol":
      return { kind: name, negated, number: toProtocol(value) };
    case "fragment":
      return { kind: name, negated };
    default:
      throw new Unmodelled(name);
  }
}
