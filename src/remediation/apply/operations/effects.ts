/** What each kind of operation does to the machine. */
import type { Draft, DraftOf, Operation, OperationKind, OperationOf } from "../../operations/model.ts";
import type { Machine } from "../machine.ts";

export interface Effects<D extends Draft, O extends Operation> {
  /** Reads what undoing needs. Null: there is nothing to do, it is so already. Throws HardenError where it cannot be done here. */
  readonly read: (draft: D, machine: Machine) => Promise<O | null>;
  /**
   * Does it, however often; gives what the machine then shows of it, by which `undo` tells whether others changed it since. Throws HardenError
   * where it fails; then or after a crash it may have been done in part.
   */
  readonly perform: (operation: O, machine: Machine) => Promise<string | null>;
  /**
   * Back to before, whether `perform` ran not at all, in part or wholly, and however often. `seen`: what `perform` gave, null if it did
   * not end. Gives why something was left as it is (others changed it since); null if all is as before.
   */
  readonly undo: (operation: O, seen: string | null, machine: Machine) => Promise<string | null>;
}

export type EffectsByKind = { readonly [K in OperationKind]: Effects<DraftOf<K>, OperationOf<K>> };
