/** One container's network namespace as seen from within: what `harden diagnose` looks at besides a snapshot. */
import type { AddressesData } from "./model.ts";

/** A socket that takes connections (tcp) or packets of anyone (udp). */
export interface Listener {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
}

export interface Inside {
  /** What `ip` prints there. */
  readonly network: AddressesData;
  /** Null where the kernel's tables could not be read. */
  readonly listeners: readonly Listener[] | null;
}
