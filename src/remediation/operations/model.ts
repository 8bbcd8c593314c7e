/**
 * What is done to the machine: plain data that holds all that doing it and undoing it need, without the plan or a snapshot. The journal keeps
 * it. One file a kind, beside this one what is pure, in apply/operations what touches the machine.
 */
import Type, { type Static } from "typebox";
import { ContainerOperation, type ContainerDraft } from "./container.ts";
import { DaemonOperation, type DaemonDraft } from "./daemon.ts";
import { FileOperation, type FileDraft } from "./file.ts";
import { IptablesOperation, type IptablesDraft } from "./iptables.ts";
import { LinkOperation, type LinkDraft } from "./link.ts";
import { ModeOperation, type ModeDraft } from "./mode.ts";
import { NftOperation, type NftDraft } from "./nft.ts";
import { SysctlOperation, type SysctlDraft } from "./sysctl.ts";

export const Operation = Type.Union([IptablesOperation, NftOperation, SysctlOperation, FileOperation, LinkOperation, DaemonOperation, ModeOperation, ContainerOperation]);
export type Operation = Static<typeof Operation>;
export type OperationKind = Operation["kind"];
export type OperationOf<K extends OperationKind> = Extract<Operation, { kind: K }>;

/** An operation before what undoing it needs was read from the machine. */
export type Draft = IptablesDraft | NftDraft | SysctlDraft | FileDraft | LinkDraft | DaemonDraft | ModeDraft | ContainerDraft;
export type DraftOf<K extends OperationKind> = Extract<Draft, { kind: K }>;
