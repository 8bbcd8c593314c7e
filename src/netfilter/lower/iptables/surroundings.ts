/** What a rule is lowered in. */
import type { RuleSource } from "../../firewall/model.ts";
import type { Test } from "../../firewall/tests.ts";
import type { SetMatch } from "../../matches.ts";

/** Membership in an ipset as a test, `!` not yet applied; null where its contents are not known. */
export type SetReader = (match: SetMatch, family: 4 | 6) => Test | null;

export interface Surroundings extends Pick<RuleSource, "backend" | "origin"> {
  readonly family: "ip" | "ip6";
  readonly sets: SetReader;
}
