/** Lowers what a rule does. */
import { parseAddress } from "../../addresses.ts";
import type { Act, MarkAct, NatAct } from "../../firewall/acts.ts";
import type { Action, TranslateAction } from "../../targets.ts";

/** The act of a target; `text` are its words. */
export function lowerTarget(action: Action, text: string): Act {
  switch (action.kind) {
    case "accept":
    case "drop":
    case "return":
    case "queue":
    case "notrack":
    case "synproxy":
      return { kind: action.kind };
    case "jump":
    case "goto":
      return { kind: action.kind, chain: action.chain };
    case "reject":
      return { kind: "reject", with: action.with };
    case "log":
    case "nflog":
      return { kind: "log", prefix: action.prefix };
    case "dnat":
    case "snat":
      return translate(action, text);
    case "masquerade":
    case "redirect":
      return { kind: "nat", type: action.kind, addresses: null, ports: action.ports, basePort: null, prefix: false };
    case "mark":
      return { kind: "mark", of: "packet", packet: ~action.mask >>> 0, connection: 0, constant: action.value };
    case "connmark":
      return changeConnmark(action);
    // Zones, helpers and timeouts change no packet's fate by themselves.
    case "ct":
    case "tcpmss":
    case "continue":
      return { kind: "continue", text };
    case "opaque":
      return { kind: "opaque", text };
  }
}

function translate(action: TranslateAction, text: string): NatAct | { readonly kind: "opaque"; readonly text: string } {
  const common = { kind: "nat", type: action.kind, ports: action.ports, basePort: action.basePort, prefix: false } as const;
  if (action.addresses === null) return { ...common, addresses: null };
  const [from, to] = [action.addresses.from, action.addresses.to].map(parseAddress);
  if (from == null || to == null) return { kind: "opaque", text };
  return { ...common, addresses: { family: from.family, from: from.value, to: to.value } };
}

/** connmark_tg_shift of the kernel's net/netfilter/xt_connmark.c, without its shifts. */
function changeConnmark(action: Extract<Action, { readonly kind: "connmark" }>): MarkAct {
  switch (action.operation) {
    case "set":
      return { kind: "mark", of: "connection", packet: 0, connection: ~action.mask >>> 0, constant: action.value };
    case "save":
      return { kind: "mark", of: "connection", packet: action.packetMask, connection: ~action.connectionMask >>> 0, constant: 0 };
    case "restore":
      return { kind: "mark", of: "packet", packet: ~action.packetMask >>> 0, connection: action.connectionMask, constant: 0 };
  }
}
