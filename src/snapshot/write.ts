import type { Snapshot } from "./model.ts";

/** The document as text: indented, since people read it before they hand it on. */
export function printSnapshot(snapshot: Snapshot): string {
  return `${JSON.stringify(snapshot, null, 2)}\n`;
}
