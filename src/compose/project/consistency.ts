import type { MapNode } from "../node.ts";
export function checkConsistency(model: MapNode): void { void model; }
