/** How much a project's files make: a label of anyone's can name one that publishes every port there is. */
import type { Node } from "../node.ts";

/** Values of a whole project that are compared. A service has some 50, a published port 6. */
export const MAX_VALUES = 50_000;

/** Counts no further than to the limit, however much there is. */
export function hasMoreValues(node: Node, limit: number): boolean {
  let left = limit;
  const count = (one: Node): boolean => {
    left -= 1;
    if (left < 0) return true;
    if (one.kind === "scalar") return false;
    return one.kind === "list" ? one.items.some(count) : [...one.entries.values()].some(({ value }) => count(value));
  };
  return count(node);
}
