/** Own chains of one family, and the jumps to them. */
import Type, { type Static } from "typebox";
import type { IptablesStep } from "../model.ts";
import { closed, common } from "./common.ts";

export const IptablesOperation = Type.Object(
  {
    kind: Type.Literal("iptables"),
    ...common,
    /** `iptables-nft`, `ip6tables-legacy` …: with -save and -restore appended these are the programs. */
    program: Type.String(),
    family: Type.Union([Type.Literal("v4"), Type.Literal("v6")]),
    /** For iptables-restore --noflush, without jumps from other chains: whether they are missing is looked up at the time. */
    load: Type.String(),
    /** Our chains that there were, then their rules and the jumps to them as iptables-save printed them. */
    before: Type.Object({ chains: Type.Array(Type.String()), rules: Type.Array(Type.String()) }, closed),
    /** iptables-nft makes a built-in chain when it is first used: false where there was no INPUT. */
    hadInput: Type.Boolean(),
  },
  closed,
);
export type IptablesOperation = Static<typeof IptablesOperation>;
export type IptablesDraft = Omit<IptablesOperation, "before" | "hadInput">;

export function draftIptables({ id, program, family, after }: IptablesStep): IptablesDraft[] {
  const lines = after.split("\n").filter((line) => line !== "" && !line.startsWith("-I ") && line !== "COMMIT");
  return [{ kind: "iptables", step: id, phase: "try", program, family, load: lines.map((line) => `${line}\n`).join("") }];
}
