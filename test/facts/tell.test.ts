/** Where a derivation is is told, and no answer hangs on it. */
import { expect, it } from "vitest";
import { dockerHost } from "../../bench/docker-hosts.ts";
import { deriveFacts } from "../../src/facts/derive.ts";
import { KINDS } from "../../src/facts/resource.ts";
import type { Tell } from "../../src/facts/tell.ts";

it("every step is told of before it is done, in order, each of its parts once", () => {
  const told: Parameters<Tell>[] = [];
  const facts = deriveFacts(dockerHost(3, 0), [...KINDS].reverse(), (...step) => { told.push(step); });
  const parts = (step: "container" | "port"): Parameters<Tell>[] => [0, 1, 2].map((done) => [step, done, 3]);
  expect(told).toEqual([["rules", 0, 1], ...parts("container"), ["network", 0, 1], ...parts("port"), ["ruleset", 0, 2], ["ruleset", 1, 2]]);
  expect(facts).toEqual(deriveFacts(dockerHost(3, 0), KINDS));
});
