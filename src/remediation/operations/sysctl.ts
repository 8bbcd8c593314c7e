/** A kernel parameter's running value. */
import Type, { type Static } from "typebox";
import { pathOfSysctlKey } from "../../snapshot/sysctl-key.ts";
import type { SysctlStep } from "../model.ts";
import { closed, common } from "./common.ts";
import { draftFile, type FileDraft } from "./file.ts";

export const SysctlOperation = Type.Object(
  {
    kind: Type.Literal("sysctl"),
    ...common,
    /** Below /proc/sys: `net/ipv4/conf/eth0.1/rp_filter`. */
    path: Type.String(),
    before: Type.String(),
    after: Type.String(),
  },
  closed,
);
export type SysctlOperation = Static<typeof SysctlOperation>;
export type SysctlDraft = Omit<SysctlOperation, "before">;

/** The running values, those that the kernel does not take back last; then the files that the boot reads. */
export function draftSysctls({ id, changes, file, modules }: SysctlStep): (SysctlDraft | FileDraft)[] {
  const values = changes.map(({ key, after, revertible }): SysctlDraft => ({ kind: "sysctl", step: id, phase: revertible ? "try" : "keep", path: pathOfSysctlKey(key), after }));
  return [...values, draftFile(id, "keep", file), ...(modules === null ? [] : [draftFile(id, "keep", modules)])];
}
