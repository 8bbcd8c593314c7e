/** What connection tracking knows: net/netfilter/nft_ct.c of the kernel. Without a connection only the state can be loaded. */
import type { AddressField, NumberField, Test } from "../../firewall/tests.ts";
import type { NftExpression } from "../../nft/expressions.ts";
import { numberRange } from "../../sets/intervals.ts";
import { allBytes, allPorts, allWords, numberIn } from "../tests.ts";
import { addressField } from "./address-field.ts";
import type { Field } from "./field.ts";
import { directionNames, familyNames, noNames, protocolNames, stateNames, statusNames } from "./names.ts";
import { numberField } from "./number-field.ts";
import { portField } from "./port-field.ts";

/** Null for what is not modelled: zone, helper, labels, counters, expiration. */
export function conntrackField({ key, direction, family }: Extract<NftExpression, { kind: "ct" }>): Field | null {
  if (direction !== null) return tupleField(key, direction, family);
  switch (key) {
    case "state":
      return numberField({ field: "connectionState", implied: [], space: numberRange(0, 127), names: stateNames });
    case "status":
      return numberField({ field: "connectionStatus", implied: [], space: allWords, names: statusNames });
    case "direction":
      return numberField({ field: "connectionDirection", implied: [], space: numberRange(0, 1), names: directionNames });
    case "mark":
      return numberField({ field: "connectionMark", implied: [], space: allWords, names: noNames });
    case "protocol":
      return numberField({ field: "connectionProtocol", implied: [], space: allBytes, names: protocolNames });
    case "l3proto":
      return numberField({ field: "family", implied: [isTracked], space: [4, 5, 6, 7], names: familyNames });
    default:
      return null;
  }
}

const isTracked: Test = numberIn("connectionDirection", [0, 2]);

const ADDRESSES: Readonly<Record<string, AddressField>> = {
  "original saddr": "originalSource", "original daddr": "originalDestination", "reply saddr": "replySource", "reply daddr": "replyDestination",
};
const PORTS: Readonly<Record<string, NumberField>> = {
  "original proto-src": "originalSourcePort", "original proto-dst": "originalDestinationPort",
  "reply proto-src": "replySourcePort", "reply proto-dst": "replyDestinationPort",
};

/** The two directions of a connection as it was first seen. */
function tupleField(key: string, direction: "original" | "reply", family: "ip" | "ip6" | null): Field | null {
  const address = ADDRESSES[`${direction} ${key}`];
  if (address !== undefined) return family === null ? null : addressField(address, family === "ip" ? 4 : 6, []);
  const port = PORTS[`${direction} ${key}`];
  if (port !== undefined) return portField(numberField({ field: port, implied: [], space: allPorts, names: noNames }), isTracked);
  return key === "protocol" || key === "l3proto" ? conntrackField({ kind: "ct", key, direction: null, family: null }) : null;
}
