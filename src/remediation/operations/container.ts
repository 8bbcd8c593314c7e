/** A setting of a container, changed by the engine. */
import Type, { type Static } from "typebox";
import { ContainersStep } from "../model.ts";
import { closed, common } from "./common.ts";

export const ContainerOperation = Type.Object({ kind: Type.Literal("container"), ...common, socket: Type.String(), ...ContainersStep.properties.changes.items.properties }, closed);
export type ContainerOperation = Static<typeof ContainerOperation>;
/** `before`: what was planned on; another value is not changed. */
export type ContainerDraft = ContainerOperation;

/** The engine writes them down: a reboot keeps them. */
export function draftContainers({ id, socket, changes }: ContainersStep): ContainerDraft[] {
  return changes.map((change) => ({ kind: "container", step: id, phase: "keep", socket, ...change }));
}
