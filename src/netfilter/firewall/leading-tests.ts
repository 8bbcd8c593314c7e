/** What a rule asks of a packet's own fields before it does anything, or asks anything that is counted or not known. */
import type { Rule } from "./model.ts";
import type { FieldTest, Test } from "./tests.ts";

const known = new WeakMap<Rule, readonly FieldTest[]>();

/** A packet that does not meet one of them leaves no trace at the rule. */
export function leadingTests(rule: Rule): readonly FieldTest[] {
  const before = known.get(rule);
  if (before !== undefined) return before;
  const found: FieldTest[] = [];
  for (const step of rule.steps) {
    if (step.kind === "act" || !collect(step.test, found)) break;
  }
  known.set(rule, found);
  return found;
}

/** Whether what stands behind the test still counts. */
function collect(test: Test, found: FieldTest[]): boolean {
  switch (test.kind) {
    case "address":
    case "number":
    case "name":
      found.push(test);
      return true;
    case "all":
      return test.tests.every((one) => collect(one, found));
    case "any":
    case "not":
    case "addressType":
    case "routeOut":
    case "reversePath":
    case "history":
    case "chance":
    case "opaque":
      return false;
  }
}
