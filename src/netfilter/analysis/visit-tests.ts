/** All tests of rules, those within others too. */
import type { Act } from "../firewall/acts.ts";
import type { Rule } from "../firewall/model.ts";
import type { Test } from "../firewall/tests.ts";

export function* visitTests(tests: Iterable<Test>): Generator<Test> {
  for (const test of tests) {
    yield test;
    if (test.kind === "all" || test.kind === "any") yield* visitTests(test.tests);
    if (test.kind === "not") yield* visitTests([test.test]);
  }
}

export function testsOf({ steps }: Rule): readonly Test[] {
  return steps.flatMap((step) => (step.kind === "test" ? [step.test] : testsOfAct(step.act)));
}

function testsOfAct(act: Act): readonly Test[] {
  return act.kind === "map" ? act.entries.flatMap(({ when, act: one }) => [...when, ...testsOfAct(one)]) : [];
}
