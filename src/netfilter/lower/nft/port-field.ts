/** Ports of whatever transport: `th dport`. */
import type { Test } from "../../firewall/tests.ts";
import { allOf, anyOf, numberIn } from "../tests.ts";
import type { Field } from "./field.ts";

/**
 * Of a transport without ports nft compares whatever stands in their place: that is unknown here. `there` holds for packets that have anything in
 * that place.
 */
export function portField(port: Field, there: Test): Field {
  const elsewhere = allOf([numberIn("protocol", withoutPorts), there, { kind: "opaque", text: "what another protocol has in the place of ports" }]);
  const orElse = (test: Test | null): Test | null => (test === null ? null : anyOf([test, elsewhere]));
  return {
    ...port,
    present: anyOf([port.present, elsewhere]),
    isOneOf: (constants, negated) => orElse(port.isOneOf(constants, negated)),
    compare: (operator, constant) => orElse(port.compare(operator, constant)),
    hasBits: (bits, any) => orElse(port.hasBits(bits, any)),
    under: (mask) => {
      const masked = port.under(mask);
      return masked === null ? null : portField(masked, there);
    },
  };
}

/** All but tcp, udp, dccp, sctp and udplite. */
const withoutPorts = [0, 6, 7, 17, 18, 33, 34, 132, 133, 136, 137, 256];
