/** What every operation has. */
import Type from "typebox";

export const closed = { additionalProperties: false } as const;
export const TextOrNull = Type.Union([Type.String(), Type.Null()]);

export const common = {
  /** Id of the plan's step that it belongs to. */
  step: Type.String(),
  /**
   * `try`: takes effect now, and a reboot takes it back by itself. `keep`: what a boot repeats, and what cannot be taken back; done last, and
   * with --confirm-within only after the confirmation.
   */
  phase: Type.Union([Type.Literal("try"), Type.Literal("keep")]),
};
