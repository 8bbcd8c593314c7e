/** Every test of a rule set, wherever it stands. */
import type { Act } from "../firewall/acts.ts";
import type { Firewall, Rule } from "../firewall/model.ts";
import type { FieldTest, Test } from "../firewall/tests.ts";

/** Tests of fields, those inside of others and of maps too. */
export function* listFieldTests(firewall: Firewall): Generator<FieldTest> {
  for (const { chains } of firewall.tables) for (const { rules } of chains.values()) for (const rule of rules) yield* fieldTestsOf(rule);
}

export function* fieldTestsOf({ steps }: Rule): Generator<FieldTest> {
  for (const step of steps) yield* step.kind === "test" ? fromTest(step.test) : fromAct(step.act);
}

function* fromTest(test: Test): Generator<FieldTest> {
  if (test.kind === "address" || test.kind === "number" || test.kind === "name") yield test;
  else if (test.kind === "all" || test.kind === "any") for (const part of test.tests) yield* fromTest(part);
  else if (test.kind === "not") yield* fromTest(test.test);
}

function* fromAct(act: Act): Generator<FieldTest> {
  if (act.kind !== "map") return;
  for (const { when, act: inner } of act.entries) {
    for (const test of when) yield* fromTest(test);
    yield* fromAct(inner);
  }
}
