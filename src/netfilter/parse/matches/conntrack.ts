/** Connection tracking: -m conntrack, and -m state, which knows the states only. */
import type { Condition, ConntrackMatch } from "../../matches.ts";
import { type Extension, type Option, Unmodelled, find, negatable } from "../given.ts";
import { toNetwork, toPortRange, toProtocol, toRange, toSortedWords } from "../values.ts";

export const conntrackExtensions: Readonly<Record<string, Extension<Condition>>> = {
  conntrack: {
    options: {
      "--ctstate": 1, "--ctstatus": 1, "--ctproto": 1, "--ctorigsrc": 1, "--ctorigdst": 1, "--ctreplsrc": 1, "--ctrepldst": 1,
      "--ctorigsrcport": 1, "--ctorigdstport": 1, "--ctreplsrcport": 1, "--ctrepldstport": 1, "--ctexpire": 1, "--ctdir": 1,
    },
    build: (given) => buildConntrack(given, "--ctstate"),
  },
  state: { options: { "--state": 1 }, build: (given) => buildConntrack(given, "--state") },
};

const toStates = toSortedWords(["INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED", "SNAT", "DNAT"]);
const toStatuses = toSortedWords(["NONE", "EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"]);

function buildConntrack(given: readonly Option[], stateOption: string): ConntrackMatch {
  const network = (name: string) => negatable(find(given, name), toNetwork);
  const ports = (name: string) => negatable(find(given, name), (value) => toPortRange(value));
  return {
    kind: "conntrack",
    states: negatable(find(given, stateOption), toStates),
    statuses: negatable(find(given, "--ctstatus"), toStatuses),
    protocol: negatable(find(given, "--ctproto"), toProtocol),
    originalSource: network("--ctorigsrc"),
    originalDestination: network("--ctorigdst"),
    replySource: network("--ctreplsrc"),
    replyDestination: network("--ctrepldst"),
    originalSourcePorts: ports("--ctorigsrcport"),
    originalDestinationPorts: ports("--ctorigdstport"),
    replySourcePorts: ports("--ctreplsrcport"),
    replyDestinationPorts: ports("--ctrepldstport"),
    expires: negatable(find(given, "--ctexpire"), (value) => toRange(value, ":")),
    direction: toDirection(find(given, "--ctdir")),
  };
}

function toDirection(option: Option | null): ConntrackMatch["direction"] {
  if (option === null) return null;
  const [value] = option.values;
  if (option.negated || (value !== "ORIGINAL" && value !== "REPLY")) throw new Unmodelled("--ctdir");
  return value === "ORIGINAL" ? "original" : "reply";
}
