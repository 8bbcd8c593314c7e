/** Whether the table of tracked connections has room. */
import { deriveConntrack } from "../host/conntrack.ts";
import { fault, ok, unknown, type DiagnosisSubject, type Finding } from "./model.ts";

/** Beyond it new connections are dropped soon, or are already. */
const FULL = 0.95;

export function judgeConntrack({ snapshot }: DiagnosisSubject): Finding[] {
  const { value: { conntrack }, unknown: reasons = {} } = deriveConntrack(snapshot);
  const index = conntrack.findIndex(({ key }) => key === "host");
  const host = conntrack[index];
  if (host === undefined) return [Object.hasOwn(reasons, "/conntrack") ? unknown("conntrack", `connection tracking was not read: ${reasons["/conntrack"] ?? ""}`) : ok("conntrack", "the host tracks no connections")];
  if (host.usage === null) return [unknown("conntrack", `how full the table is was not read: ${reasons[`/conntrack/${index}/usage`] ?? "no answer"}`)];
  const told = `${String(host.count)} of ${String(host.max)} entries`;
  if (host.usage >= FULL || (host.drops ?? 0) > 0) return [fault("conntrack", `the table of tracked connections is full (${told}${(host.drops ?? 0) > 0 ? `, ${String(host.drops)} dropped while harden looked` : ""}), so that new ones are dropped`, "sysctl -w net.netfilter.nf_conntrack_max=524288")];
  return [ok("conntrack", host.max === 0 ? `${String(host.count)} tracked connections, without a limit` : `the table of tracked connections has room: ${told}`)];
}
