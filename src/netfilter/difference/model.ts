/** What a comparison of two rule sets tells. */
import type { Hook, RuleSource } from "../firewall/model.ts";
import type { ChangeKind, Fates, Sent } from "./confirm.ts";

export interface Difference {
  /** One for each kind of change that a rule makes at a hook, rules in the order of a packet's way. */
  readonly changes: readonly Change[];
  /** What could not be compared, or not to the end. */
  readonly open: readonly OpenQuestion[];
}

export interface Change {
  readonly kind: ChangeKind;
  readonly family: 4 | 6;
  /** Where the rules differ; null where not the rules do, but routing. */
  readonly hook: Hook | null;
  /** The rule that makes the difference: one that the other side has not, where there is one. */
  readonly rule: RuleSource | null;
  /** Whether that rule is of the rule set before or after. */
  readonly side: "before" | "after";
  readonly witness: Sent;
  /** The walks of the witness. */
  readonly before: Fates;
  readonly after: Fates;
}

export interface OpenQuestion {
  readonly family: 4 | 6;
  readonly hook: Hook;
  readonly rule: RuleSource | null;
  /** Null: no packet was found that fares differently by the rule. */
  readonly reason: string | null;
}
