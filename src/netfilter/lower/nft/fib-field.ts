/** What the routing tables say: net/ipv4/netfilter/nft_fib_ipv4.c of the kernel. */
import type { AddressType } from "../../firewall/tests.ts";
import type { NftExpression } from "../../nft/expressions.ts";
import { always } from "../tests.ts";
import { type Field, unordered } from "./field.ts";
import { fieldOfNames } from "./name-field.ts";

/** Null for combinations that the model has no test for. */
export function fibField({ result, flags }: Extract<NftExpression, { kind: "fib" }>): Field | null {
  const field = flags.includes("saddr") ? "source" : flags.includes("daddr") ? "destination" : null;
  if (field === null) return null;
  const by = flags.includes("iif") ? "in" : flags.includes("oif") ? "out" : null;
  const useMark = flags.includes("mark");
  if (result === "type") return useMark ? null : typeField(field, by);
  if (result !== "oif" && result !== "oifname" && result !== "check") return null;
  const names = fieldOfNames((set) => ({ kind: "routeOut", field, interface: by, useMark, set }), result !== "oifname");
  return { ...names, isOneOf: (constants, negated) => names.isOneOf(...asNames(constants, negated)) };
}

/** `exists` and `missing` (nft prints true and false): a name, or none. Index 0 is none. */
function asNames(constants: readonly NftExpression[], negated: boolean): [readonly NftExpression[], boolean] {
  const [only] = constants;
  if (constants.length !== 1 || only?.kind !== "value") return [constants, negated];
  const none: NftExpression = { kind: "value", value: "" };
  if (typeof only.value === "boolean") return [[none], negated !== only.value];
  return [only.value === "0" || only.value === 0 ? [none] : constants, negated];
}

const TYPES: readonly string[] = [
  "unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit", "throw", "nat", "xresolve",
] satisfies readonly AddressType[];

function typeField(field: "source" | "destination", by: "in" | "out" | null): Field {
  return {
    ...unordered,
    implied: [],
    present: always,
    isOneOf: (constants, negated) => {
      const types = constants.map((constant) => (constant.kind === "value" && TYPES.includes(String(constant.value)) ? (constant.value as AddressType) : null));
      if (types.includes(null)) return null;
      const wanted = negated ? (TYPES as readonly AddressType[]).filter((type) => !types.includes(type)) : types.filter((type) => type !== null);
      return { kind: "addressType", field, interface: by, types: wanted };
    },
  };
}
