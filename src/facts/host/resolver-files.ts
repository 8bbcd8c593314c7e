/** Files by which whoever is in a container can change how it resolves names. */
import type { ContainerAnswer, Snapshot } from "../../snapshot/model.ts";
import { listContainerIds } from "../container-id.ts";
import type { Host } from "../model/host.ts";
import type { Part } from "../part.ts";
import { booleanAt, listAt, textAt } from "../raw.ts";
import { byKey, joinElements, type Found } from "./elements.ts";

const TARGETS = ["/etc/resolv.conf", "/etc/hosts"];

/**
 * The user's writable mounts over /etc/resolv.conf and /etc/hosts; the engine's own files are not among the mounts of an inspect
 * answer. Without an engine there are none; those of an engine elsewhere are not this host's.
 */
export function deriveResolverFiles(snapshot: Snapshot): Part<Pick<Host, "writableResolverFiles">> {
  const { engine, containers: { status, detail, data } } = snapshot.sources;
  if (engine.data?.local === false) return allUnknown(`the engine is not on this host: ${engine.data.localReason}`);
  if (data === null) return status === "absent" ? { value: { writableResolverFiles: [] } } : allUnknown(detail ?? status);
  const ids = listContainerIds(snapshot);
  return joinElements(data.flatMap((container) => listFiles(container, ids.get(container.id) ?? container.name)).sort(byKey), "writableResolverFiles");
}

function listFiles({ name, inspect, error }: ContainerAnswer, container: string): Found<Host["writableResolverFiles"][number]>[] {
  if (inspect === null) {
    const element = { key: container, container, target: "", source: "" };
    return [{ element, place: { source: "containers", key: name }, unknown: error ?? "there is no inspect answer" }];
  }
  return listAt(inspect, "Mounts").flatMap((mount) => {
    const target = textAt(mount, "Destination") ?? "";
    if (!TARGETS.includes(target) || booleanAt(mount, "RW") !== true) return [];
    const element = { key: `${container} ${target}`, container, target, source: textAt(mount, "Source") ?? "" };
    return [{ element, place: { source: "containers", key: `${name} Mounts ${target}` } }];
  });
}

function allUnknown(reason: string): Part<Pick<Host, "writableResolverFiles">> {
  return { value: { writableResolverFiles: [] }, unknown: { "/writableResolverFiles": reason } };
}
