import { expect, it } from "vitest";
import { conditionsOf } from "../../one-rule.ts";

const nothing = {
  kind: "conntrack",
  states: null,
  statuses: null,
  protocol: null,
  originalSource: null,
  originalDestination: null,
  replySource: null,
  replyDestination: null,
  originalSourcePorts: null,
  originalDestinationPorts: null,
  replySourcePorts: null,
  replyDestinationPorts: null,
  expires: null,
  direction: null,
};
const network = (address: string, mask: number, negated = false) => ({ negated, value: { family: address.includes(":") ? 6 : 4, address, mask } });
const range = (from: number, to: number, negated = false) => ({ negated, value: { from, to } });

it.each([
  ["-m conntrack --ctstate RELATED,ESTABLISHED", { states: { negated: false, value: ["ESTABLISHED", "RELATED"] } }],
  ["-m state ! --state INVALID", { states: { negated: true, value: ["INVALID"] } }],
  ["-m conntrack --ctstatus ASSURED,CONFIRMED", { statuses: { negated: false, value: ["ASSURED", "CONFIRMED"] } }],
  ["-m conntrack ! --ctproto tcp", { protocol: { negated: true, value: 6 } }],
  ["-m conntrack --ctorigsrc 192.0.2.0/24", { originalSource: network("192.0.2.0", 24) }],
  ["-m conntrack ! --ctorigdst 2001:db8::1", { originalDestination: network("2001:db8::1", 128, true) }],
  ["-m conntrack --ctreplsrc 192.0.2.1", { replySource: network("192.0.2.1", 32) }],
  ["-m conntrack --ctrepldst 192.0.2.1", { replyDestination: network("192.0.2.1", 32) }],
  ["-m conntrack --ctorigsrcport 1024:65535", { originalSourcePorts: range(1024, 65535) }],
  ["-m conntrack ! --ctorigdstport 8080 --ctdir ORIGINAL", { originalDestinationPorts: range(8080, 8080, true), direction: "original" }],
  ["-m conntrack --ctreplsrcport 80", { replySourcePorts: range(80, 80) }],
  ["-m conntrack --ctrepldstport 80", { replyDestinationPorts: range(80, 80) }],
  ["-m conntrack --ctexpire 60:120", { expires: range(60, 120) }],
  ["-m conntrack --ctdir REPLY", { direction: "reply" }],
])("%s", (words, condition) => {
  expect(conditionsOf(words)).toEqual([{ ...nothing, ...condition }]);
});

it.each(["-m conntrack --ctstate SYN_SENT", "-m conntrack ! --ctdir REPLY", "-m conntrack --ctdir BOTH", "-m state --ctstate NEW"])("%s is opaque", (words) => {
  expect(conditionsOf(words)).toMatchObject([{ kind: "opaque" }]);
});
