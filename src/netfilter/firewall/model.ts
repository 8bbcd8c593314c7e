/**
 * What the packet filters of one network namespace hold, whatever wrote it: iptables of both back ends, native nftables, ipset. Plain
 * data in one small vocabulary, which both walks interpret. The readers lower their languages into it (lower/).
 */
import type { Act } from "./acts.ts";
import type { Test } from "./tests.ts";

export interface Firewall {
  /**
   * Base chains of one hook and priority run in the order of this list (then of the table's chains). The kernel runs the one that was
   * registered last first; no dump tells that order, and only a drop beside a reject can tell the difference.
   */
  readonly tables: readonly Table[];
  /** Parts of the rule set that could not be read: a packet that passes them has an unknown fate, unless something else drops it. */
  readonly gaps: readonly Gap[];
}

export interface Table {
  readonly backend: Backend;
  /** `inet` sees IPv4 and IPv6. `bridge`, `arp` and `netdev` are kept, and no walk of IP packets enters them. */
  readonly family: TableFamily;
  readonly name: string;
  /** By name, in the order of the dump. */
  readonly chains: ReadonlyMap<string, Chain>;
}

/** `nft` is iptables on nf_tables (iptables-nft-save); `native` is nft's own language (nft -j). */
export type Backend = "legacy" | "nft" | "native";

export type TableFamily = "ip" | "ip6" | "inet" | "bridge" | "arp" | "netdev";

export interface Chain {
  readonly name: string;
  /** Null for chains that are only jumped to. */
  readonly base: BaseChain | null;
  readonly rules: readonly Rule[];
  /** Line of the dump on which it is declared; null where the dump has no lines (nft -j) or only rules name it. */
  readonly line: number | null;
}

/** A chain that the kernel itself calls. */
export interface BaseChain {
  readonly hook: Hook;
  /** As the kernel compares them: raw -300, mangle -150, dstnat -100, filter 0, security 50, srcnat 100. */
  readonly priority: number;
  /**
   * `nat` chains are asked for the first packet of a connection only, until one has translated it, at the kernel's own nat priorities
   * (their own priority orders them among each other); `route` chains (OUTPUT of mangle) route anew when they changed the mark.
   */
  readonly type: "filter" | "nat" | "route";
  readonly policy: "accept" | "drop";
}

export type Hook = "prerouting" | "input" | "forward" | "output" | "postrouting" | "ingress" | "egress";

export interface Rule {
  readonly source: RuleSource;
  /**
   * In order. A test that fails leaves the rule; an act that decides ends it. A rule of iptables is its tests and at most one act;
   * nft may put tests behind acts (`counter`, `log`).
   */
  readonly steps: readonly Step[];
}

export type Step = { readonly kind: "test"; readonly test: Test } | { readonly kind: "act"; readonly act: Act };

/** Where a rule stands. */
export interface RuleSource {
  readonly backend: Backend;
  readonly family: TableFamily;
  readonly table: string;
  readonly chain: string;
  /** Place in its chain, from 1. */
  readonly index: number;
  /** What it was read from, as the caller names it: a file, `iptables-nft-save`. */
  readonly origin: string;
  /** Line there, from 1; null in nft -j. */
  readonly line: number | null;
  /** The kernel's handle, of nft -j; null in iptables. */
  readonly handle: number | null;
  /** In its own language: `-A INPUT -p tcp -j DROP`, `tcp dport 22 accept`. */
  readonly text: string;
  readonly packets: number | null;
  readonly bytes: number | null;
}

/** What could not be read, and which packets it might touch. */
export interface Gap {
  /** Null: both. */
  readonly family: 4 | 6 | null;
  /** Null: all of them. */
  readonly hook: Hook | null;
  readonly reason: string;
}
