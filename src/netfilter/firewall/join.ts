/** Several readings of one network namespace as one firewall. */
import type { Firewall } from "./model.ts";

/** In this order: base chains of one hook and priority run in it. */
export function joinFirewalls(parts: readonly Firewall[]): Firewall {
  return { tables: parts.flatMap(({ tables }) => tables), gaps: parts.flatMap(({ gaps }) => gaps) };
}
