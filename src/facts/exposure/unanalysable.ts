/** Rules and gaps because of which a question about reachability has no answer. */
import type { Snapshot } from "../../snapshot/model.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Part } from "../part.ts";
import { deriveExposedContainers } from "./containers.ts";
import { deriveExposedPorts } from "./ports.ts";
import { setScene } from "./scene.ts";

/** Each is an element that is itself unknown, so that it is told and never counted as a fault. */
export function findUnanalysable(family: "v4" | "v6", snapshot: Snapshot): Part<Pick<Ruleset, "unanalysable">> {
  const scene = setScene(snapshot);
  if (typeof scene === "string") return { value: { unanalysable: [] }, unknown: { "/unanalysable": scene } };
  const ports = deriveExposedPorts(snapshot).resources.filter((port) => port.family === family && !port.unknown["/reachable"]?.startsWith("its container"));
  const containers = family === "v4" ? deriveExposedContainers(snapshot).resources.map(({ unknown }) => Object.fromEntries(Object.entries(unknown).filter(([pointer]) => pointer.startsWith("/exposure/")))) : [];
  const reasons = [...new Set([...ports.map(({ unknown }) => unknown), ...containers].flatMap((unknown) => Object.values(unknown)))].sort();
  return {
    value: { unanalysable: reasons.map((reason) => ({ key: reason, reason })) },
    unknown: Object.fromEntries(reasons.map((reason, index) => [`/unanalysable/${index}`, reason])),
  };
}
