import type { MapNode } from "../node.ts";
export function checkTypes(model: MapNode): MapNode { return model; }
