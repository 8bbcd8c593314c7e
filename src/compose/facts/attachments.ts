/** The networks that a service is attached to. */
import type { AttachedNetwork } from "../../facts/model/container.ts";
import { pointer } from "../../facts/resource.ts";
import { child, descend, type MapNode, type Node, unknownsOf } from "../node.ts";
import { booleanAt, entriesAt, numberAt, textAt } from "../values/read.ts";
import { describeVariables, type FactRecord, place } from "./record.ts";

export interface Attachment {
  readonly network: AttachedNetwork;
  /** gw_priority. */
  readonly priority: number;
  /** What the project says of the network; undefined for one that is not of the project. */
  readonly declared: Node | undefined;
  /** Why it is not known whether it is internal; null if it is. */
  readonly open: string | null;
}

/** By name. */
export function readAttachments(record: FactRecord, model: MapNode): readonly Attachment[] {
  const mode = textAt(record.spec, "network_mode") ?? "";
  if (mode === "bridge" || mode === "default") return attachToBridge(record);
  if (isOwnNetwork(mode)) return [];
  if (mode !== "") return [foreign(mode, 0)];
  // What it extends may bring others: the ones that it has are those that it names, or the project's default.
  if (record.open !== null) for (const fact of ["/networks", "/onDefaultBridge"]) record.unknown[fact] ??= record.open;
  const attachments = entriesAt(record.spec, "networks").map(([key, { value: use }]) => ({ key, ...describeAttachment(key, use, descend(model, "networks", key)) }));
  attachments.sort((a, b) => (a.network.name < b.network.name ? -1 : 1));
  attachments.forEach(({ key, open }, index) => {
    place(record, ["networks", index], ["networks", key], ["networks"]);
    if (open !== null) record.unknown[pointer(["networks", index, "internal"])] = open;
  });
  return attachments;
}

/** Whether the mode leads to no network: the host's, none, or another container's. */
export function isOwnNetwork(mode: string): boolean {
  return mode === "host" || mode === "none" || /^(service|container):/.test(mode);
}

/** With `bridge: none` in daemon.json there is no such network. */
function attachToBridge({ engine: { defaultBridge }, unknown }: FactRecord): Attachment[] {
  if (defaultBridge.unknown !== undefined) unknown["/onDefaultBridge"] ??= defaultBridge.unknown;
  else if (!defaultBridge.value) return [];
  return [{ network: attach("bridge", { defaultBridge: true }), priority: 0, declared: undefined, open: null }];
}

function describeAttachment(key: string, use: Node, declared: Node | undefined): Attachment {
  const name = textAt(declared, "name") ?? key;
  const priority = numberAt(use, "gw_priority") ?? 0;
  if (declared === undefined || booleanAt(declared, "external") === true) return foreign(name, priority);
  const variables = unknownsOf(child(declared, "internal"));
  const network = attach(name, { driver: textAt(declared, "driver") || "bridge", internal: booleanAt(declared, "internal") ?? false });
  return { network, priority, declared, open: variables.length === 0 ? null : describeVariables(variables) };
}

function foreign(name: string, priority: number): Attachment {
  const network = attach(name, { driver: null, defaultBridge: name === "bridge" });
  return { network, priority, declared: undefined, open: `the network ${name} is external: its settings are not here` };
}

function attach(name: string, settings: Partial<AttachedNetwork>): AttachedNetwork {
  return { key: name, name, driver: "bridge", defaultBridge: false, internal: false, address4: null, address6: null, ...settings };
}
