/** The SYNPROXY target. */
import { flagBits } from "../firewall/tests.ts";
import type { End } from "./run.ts";

/** ipt_SYNPROXY: SYNs are answered here, ACKs pass or not by the cookie that they bring, the rest goes on (null). */
export function synproxyEnd(tcpFlags: number | null): End | null {
  const { FIN, SYN, RST, ACK } = flagBits;
  const flags = tcpFlags === null ? 0 : tcpFlags & (FIN | SYN | RST | ACK);
  if (flags === SYN) return { verdict: "depends", reason: "SYNPROXY answers, and connects once the handshake is complete" };
  return flags === ACK ? { verdict: "depends", reason: "SYNPROXY passes only what brings its cookie" } : null;
}
