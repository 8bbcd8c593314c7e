/** What a rule does with a packet that matches, typed. Sources as for the matches. */
import type { Range } from "./terms.ts";

/** One action, and the positions in `rule.tokens` of the words that state it. */
export type Target = Action & { readonly tokens: readonly number[] };

export type Action =
  | { readonly kind: "accept" | "drop" | "return" }
  /** To user space, which decides: QUEUE, NFQUEUE. */
  | { readonly kind: "queue" }
  | { readonly kind: "jump" | "goto"; readonly chain: string }
  /** `with` without the prefix icmp- or icmp6-; `port-unreachable` unless written, or `tcp-reset`. */
  | { readonly kind: "reject"; readonly with: string }
  | LogAction
  | { readonly kind: "nflog"; readonly group: number; readonly prefix: string; readonly threshold: number }
  | TranslateAction
  | PortsAction
  | MarkAction
  | ConnmarkAction
  | { readonly kind: "notrack" }
  /** Options of CT as written (zone, helper, events). */
  | { readonly kind: "ct"; readonly options: Readonly<Record<string, string>> }
  | SynproxyAction
  /** Null: clamped to the path MTU. */
  | { readonly kind: "tcpmss"; readonly mss: number | null }
  /** Changes or notes something that no modelled condition reads, and lets the packet go on. */
  | { readonly kind: "continue"; readonly extension: string; readonly options: readonly string[] }
  | OpaqueAction;

/** LOG. Level 4 unless written. */
export interface LogAction {
  readonly kind: "log";
  readonly prefix: string;
  readonly level: number;
  readonly tcpSequence: boolean;
  readonly tcpOptions: boolean;
  readonly ipOptions: boolean;
  readonly uid: boolean;
  readonly macDecode: boolean;
}

/** DNAT, SNAT. Null: left as it is. `basePort`: ports are mapped one to one from it. */
export interface TranslateAction extends NatFlags {
  readonly kind: "dnat" | "snat";
  readonly addresses: { readonly from: string; readonly to: string } | null;
  readonly ports: Range | null;
  readonly basePort: number | null;
}

/** MASQUERADE (source), REDIRECT (to the host itself). */
export interface PortsAction extends NatFlags {
  readonly kind: "masquerade" | "redirect";
  readonly ports: Range | null;
}

export interface NatFlags {
  readonly random: boolean;
  readonly randomFully: boolean;
  readonly persistent: boolean;
}

/** MARK: mark becomes (mark & ~mask) ^ value, the form that all its options come down to. Unsigned 32 bit. */
export interface MarkAction {
  readonly kind: "mark";
  readonly value: number;
  readonly mask: number;
}

/** CONNMARK: `set` as MARK, on the connection; `save` writes the packet's mark to the connection, `restore` the reverse. */
export type ConnmarkAction =
  | { readonly kind: "connmark"; readonly operation: "set"; readonly value: number; readonly mask: number }
  | { readonly kind: "connmark"; readonly operation: "save" | "restore"; readonly packetMask: number; readonly connectionMask: number };

/** SYNPROXY: answers the handshake in the server's place. */
export interface SynproxyAction {
  readonly kind: "synproxy";
  readonly sackPermitted: boolean;
  readonly timestamp: boolean;
  readonly ecn: boolean;
  readonly windowScale: number | null;
  readonly mss: number | null;
}

/** A target that is not modelled, options that are not, or a chain that the file does not declare. What it does is unknown. */
export interface OpaqueAction {
  readonly kind: "opaque";
  readonly extension: string;
  readonly words: readonly string[];
}
