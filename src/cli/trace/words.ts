/** The words that trace takes, apart from what is slow to load. */
import type { ConnectionState } from "../../netfilter/index.ts";

export const PROTOCOLS = ["tcp", "udp", "sctp", "icmp", "icmpv6"] as const;
export const STATES: readonly ConnectionState[] = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"];
export const VERDICTS = ["accept", "drop", "reject", "depends", "unknown"] as const;
