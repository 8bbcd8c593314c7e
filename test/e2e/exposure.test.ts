/** Who reaches what on real engines of five generations: the walk of rules and routes says what connections show. */
import { expect, test } from "vitest";
import { RULE_VERSIONS } from "../support/engine-version.ts";
import { findWrongAnswers } from "../support/exposure/answer.ts";
import { type ExposedHost, listHosts } from "../support/exposure/hosts.ts";
import { readRecord } from "../support/exposure/record.ts";
import { type Attempt, tryHost } from "../support/exposure/try.ts";
import { describeWith } from "../support/requirements.ts";

for (const version of RULE_VERSIONS) {
  describeWith({ root: true, engine: version }, `connections on engine ${version}`, () => {
    test.each(listHosts(version).filter(isTried))("are what rules and routes say, and as recorded: $name", { timeout: 180_000 }, async (host) => {
      const tried = await tryHost(host);
      expect(findWrongAnswers(tried)).toEqual([]);
      expect(tried.attempts.map(nameOutcome)).toEqual(readRecord(host.name).attempts.map(nameOutcome));
    });
  });
}

/** The others differ in what the record shows already. */
function isTried({ name }: ExposedHost): boolean {
  return name.endsWith("-default") || name.endsWith("-nftables");
}

/** Addresses are the same on every host: containers start in one order. */
function nameOutcome({ from, address, port, outcome }: Attempt): string {
  return `${from} → ${address} ${String(port)}: ${outcome === "open" ? "open" : "shut"}`;
}
