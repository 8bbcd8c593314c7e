/** Marks of packet and connection. */
import type { MarkAct } from "../firewall/acts.ts";
import type { Flow } from "./flow.ts";

/** The marks after the act. Without a connection (null) nothing is written to one, and nothing read from it. */
export function changeMark<T extends { readonly mark: number; readonly connectionMark: number | null }>(marks: T, act: MarkAct): T {
  const { mark, connectionMark } = marks;
  if (connectionMark === null && (act.of === "connection" || act.connection !== 0)) return marks;
  const value = ((mark & act.packet) ^ ((connectionMark ?? 0) & act.connection) ^ act.constant) >>> 0;
  return act.of === "packet" ? { ...marks, mark: value } : { ...marks, connectionMark: value };
}

/** Marks a packet on its way. */
export function setMark(flow: Flow, act: MarkAct): void {
  const { mark, connectionMark } = changeMark({ mark: flow.mark, connectionMark: flow.connection?.mark ?? null }, act);
  flow.mark = mark;
  if (flow.connection !== null && connectionMark !== null) flow.connection.mark = connectionMark;
}
