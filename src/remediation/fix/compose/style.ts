/** How a compose file is written, from its text. */
import type { WrittenNode } from "../../../compose/index.ts";
import { columnOf } from "./lines.ts";
import type { Style } from "./print.ts";

/** Of what a file has no example, it gets what most have: two columns, dashes where maps would stand. */
export function findStyle(text: string, roots: readonly WrittenNode[]): Style {
  const found: { step?: number; dash?: number; flow?: true } = {};
  for (const root of roots) look(text, root, found);
  const step = found.step ?? 2;
  return { eol: text.includes("\r\n") ? "\r\n" : "\n", step, dash: found.dash ?? step, lists: found.dash === undefined && found.flow === true ? "flow" : "block" };
}

function look(text: string, node: WrittenNode, found: { step?: number; dash?: number; flow?: true }): void {
  if (node.kind === "list") for (const { value } of node.items) if (value !== null) look(text, value, found);
  if (node.kind !== "map") return;
  for (const { key, value } of node.pairs) {
    if (value === null) continue;
    const further = columnOf(text, value.start) - columnOf(text, key.start);
    if (value.kind === "list" && value.flow) found.flow = true;
    else if (value.kind === "list" && further >= 0) found.dash ??= further;
    else if (value.kind === "map" && !value.flow && further > 0) found.step ??= further;
    look(text, value, found);
  }
}
