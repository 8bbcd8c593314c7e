/** The index finds what looking at every log in turn finds. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Rule } from "../../../src/netfilter/firewall/model.ts";
import { createLogIndex } from "../../../src/netfilter/questions/log-index.ts";

const conditions = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { maxLength: 3 });
const source = { backend: "nft", family: "ip", table: "filter", chain: "INPUT", index: 1, origin: "x", line: 1, handle: null, packets: null, bytes: null, text: "" } as const;

it("finds the first log that asks for nothing else", () => {
  fc.assert(
    fc.property(fc.array(conditions, { maxLength: 12 }), conditions, (logs, asked) => {
      const index = createLogIndex();
      const rules = logs.map((asks): Rule => {
        const rule: Rule = { steps: [], source };
        index.add(rule, asks);
        return rule;
      });
      const first = logs.findIndex((asks) => asks.every((one) => asked.includes(one)));
      expect(index.findFirst(new Set(asked))).toBe(rules[first]);
    }),
  );
});
