/** Marks of packet and connection. */
import type { MarkAct } from "../firewall/acts.ts";
import type { Flow } from "./flow.ts";

/** Without a connection nothing is written to one, and nothing read from it. */
export function setMark(flow: Flow, act: MarkAct): void {
  const { connection } = flow;
  if (connection === null && (act.of === "connection" || act.connection !== 0)) return;
  const value = ((flow.mark & act.packet) ^ ((connection?.mark ?? 0) & act.connection) ^ act.constant) >>> 0;
  if (act.of === "packet") flow.mark = value;
  else if (connection !== null) connection.mark = value;
}
