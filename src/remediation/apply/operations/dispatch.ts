/** The table of kinds: each operation is handed to what knows how to do it. */
import type { Draft, Operation, OperationKind } from "../../operations/model.ts";
import type { Machine } from "../machine.ts";
import { containerEffects } from "./container.ts";
import { daemonEffects } from "./daemon.ts";
import type { Effects, EffectsByKind } from "./effects.ts";
import { fileEffects } from "./file.ts";
import { iptablesEffects } from "./iptables.ts";
import { linkEffects } from "./link.ts";
import { modeEffects } from "./mode.ts";
import { nftEffects } from "./nft.ts";
import { sysctlEffects } from "./sysctl.ts";

const EFFECTS: EffectsByKind = { iptables: iptablesEffects, nft: nftEffects, sysctl: sysctlEffects, file: fileEffects, link: linkEffects, daemon: daemonEffects, mode: modeEffects, container: containerEffects };

/** As `Effects.read`. */
export function readOperation(draft: Draft, machine: Machine): Promise<Operation | null> {
  return effectsOf(draft.kind).read(draft, machine);
}

/** As `Effects.perform`. */
export function perform(operation: Operation, machine: Machine): Promise<string | null> {
  return effectsOf(operation.kind).perform(operation, machine);
}

/** As `Effects.undo`. */
export function undo(operation: Operation, seen: string | null, machine: Machine): Promise<string | null> {
  return effectsOf(operation.kind).undo(operation, seen, machine);
}

/** TypeScript cannot see that the kind of the operation and of the entry are the same. */
function effectsOf(kind: OperationKind): Effects<Draft, Operation> {
  return EFFECTS[kind] as unknown as Effects<Draft, Operation>;
}
