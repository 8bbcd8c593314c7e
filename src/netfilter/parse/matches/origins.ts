/** Where a packet comes from and goes to, beyond its header: -m iprange, set, addrtype, physdev, rpfilter, owner, pkttype. */
import type { AddrtypeMatch, Condition, OwnerMatch, SetMatch } from "../../matches.ts";
import { type Extension, type Option, Unmodelled, demanded, find, isGiven, negatable, required } from "../given.ts";
import { toAddressRange, toInterface, toRange, toSortedWords } from "../values.ts";

export const originExtensions: Readonly<Record<string, Extension<Condition>>> = {
  iprange: {
    options: { "--src-range": 1, "--dst-range": 1 },
    build: (given) => ({
      kind: "iprange",
      source: negatable(find(given, "--src-range"), toAddressRange),
      destination: negatable(find(given, "--dst-range"), toAddressRange),
    }),
  },
  // The other options of xt_set compare counters of the element: not modelled, so they make the match opaque.
  set: { options: { "--match-set": 2, "--set": 2, "--return-nomatch": 0, "--update-counters": 0, "--update-subcounters": 0 }, build: buildSet },
  addrtype: { options: { "--src-type": 1, "--dst-type": 1, "--limit-iface-in": 0, "--limit-iface-out": 0 }, build: buildAddrtype },
  physdev: {
    options: { "--physdev-in": 1, "--physdev-out": 1, "--physdev-is-in": 0, "--physdev-is-out": 0, "--physdev-is-bridged": 0 },
    build: (given) => ({
      kind: "physdev",
      in: negatable(find(given, "--physdev-in"), toInterface),
      out: negatable(find(given, "--physdev-out"), toInterface),
      isIn: demanded(find(given, "--physdev-is-in")),
      isOut: demanded(find(given, "--physdev-is-out")),
      isBridged: demanded(find(given, "--physdev-is-bridged")),
    }),
  },
  rpfilter: {
    options: { "--loose": 0, "--validmark": 0, "--accept-local": 0, "--invert": 0 },
    build: (given) => ({
      kind: "rpfilter",
      loose: isGiven(find(given, "--loose")),
      validMark: isGiven(find(given, "--validmark")),
      acceptLocal: isGiven(find(given, "--accept-local")),
      invert: isGiven(find(given, "--invert")),
    }),
  },
  owner: { options: { "--uid-owner": 1, "--gid-owner": 1, "--suppl-groups": 0, "--socket-exists": 0 }, build: buildOwner },
  pkttype: {
    options: { "--pkt-type": 1 },
    build: (given) => {
      const { negated, value } = required(negatable(find(given, "--pkt-type"), toPacketType));
      return { kind: "pkttype", negated, type: value };
    },
  },
};

/** Whether the set's own counters are updated (`--update-…`) changes no packet's fate. */
function buildSet(given: readonly Option[]): SetMatch {
  const { negated, value } = required(negatable(find(given, "--match-set", "--set"), (set, directions) => ({ set, directions: toDirections(directions) })));
  return { kind: "set", negated, ...value, returnNomatch: isGiven(find(given, "--return-nomatch")) };
}

function toDirections(text: string): SetMatch["directions"] {
  return text.split(",").map((word) => {
    if (word !== "src" && word !== "dst") throw new Unmodelled(text);
    return word;
  });
}

const toAddressTypes = toSortedWords([
  "UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW", "NAT", "XRESOLVE",
]);

function buildAddrtype(given: readonly Option[]): AddrtypeMatch {
  const limitIn = isGiven(find(given, "--limit-iface-in"));
  const limitOut = isGiven(find(given, "--limit-iface-out"));
  if (limitIn && limitOut) throw new Unmodelled("addrtype limited to two interfaces");
  return {
    kind: "addrtype",
    source: negatable(find(given, "--src-type"), toAddressTypes),
    destination: negatable(find(given, "--dst-type"), toAddressTypes),
    limitInterface: limitIn ? "in" : limitOut ? "out" : null,
  };
}

/** Names of users are resolved when rules are loaded; only numbers mean the same everywhere. */
function buildOwner(given: readonly Option[]): OwnerMatch {
  return {
    kind: "owner",
    users: negatable(find(given, "--uid-owner"), (value) => toRange(value, "-")),
    groups: negatable(find(given, "--gid-owner"), (value) => toRange(value, "-")),
    supplementaryGroups: isGiven(find(given, "--suppl-groups")),
    socketExists: demanded(find(given, "--socket-exists")),
  };
}

function toPacketType(text: string): string {
  const type = text === "bcast" ? "broadcast" : text === "mcast" ? "multicast" : text;
  if (!["unicast", "broadcast", "multicast"].includes(type)) throw new Unmodelled(text);
  return type;
}
