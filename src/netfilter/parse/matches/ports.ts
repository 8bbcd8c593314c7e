/** Ports and types of the transport protocols: -m tcp, udp, sctp, multiport, icmp, icmp6. */
import type { Condition, IcmpMatch, MultiportMatch, PortsMatch } from "../../matches.ts";
import type { Negatable, Range, TcpFlag, TcpFlags } from "../../terms.ts";
import { type Extension, type Option, Unmodelled, find, negatable, required } from "../given.ts";
import { icmpNumbers } from "../names.ts";
import { toInteger, toPortRange, toPortRanges } from "../values.ts";

const portOptions = { "--sport": 1, "--source-port": 1, "--sports": 1, "--dport": 1, "--destination-port": 1, "--dports": 1 };

export const portExtensions: Readonly<Record<string, Extension<Condition>>> = {
  tcp: { options: { ...portOptions, "--tcp-flags": 2, "--syn": 0, "--tcp-option": 1 }, build: (given) => buildPorts("tcp", given) },
  udp: { options: portOptions, build: (given) => buildPorts("udp", given) },
  sctp: { options: { ...portOptions, "--chunk-types": 2 }, build: (given) => buildPorts("sctp", given) },
  multiport: {
    options: { "--sports": 1, "--source-ports": 1, "--dports": 1, "--destination-ports": 1, "--ports": 1 },
    build: buildMultiport,
  },
  icmp: { options: { "--icmp-type": 1 }, build: (given) => buildIcmp("icmp", find(given, "--icmp-type")) },
  icmp6: { options: { "--icmpv6-type": 1 }, build: (given) => buildIcmp("icmp6", find(given, "--icmpv6-type")) },
};

const flagNames: readonly TcpFlag[] = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];
const synFlags: TcpFlags = { mask: ["FIN", "SYN", "RST", "ACK"], set: ["SYN"] };

function buildPorts(kind: PortsMatch["kind"], given: readonly Option[]): PortsMatch {
  const syn = negatable(find(given, "--syn"), () => synFlags);
  const flags = negatable(find(given, "--tcp-flags"), (mask, set): TcpFlags => ({ mask: toFlags(mask), set: toFlags(set) }));
  if (syn !== null && flags !== null) throw new Unmodelled("--syn and --tcp-flags");
  return {
    kind,
    sourcePorts: buildRange(find(given, "--sport", "--source-port", "--sports")),
    destinationPorts: buildRange(find(given, "--dport", "--destination-port", "--dports")),
    flags: syn ?? flags,
    option: negatable(find(given, "--tcp-option"), (value) => toInteger(value, 255)),
    chunks: negatable(find(given, "--chunk-types"), (scope, types) => ({ scope, types })),
  };
}

/** Null for all ports as well: iptables-save does not print that condition. */
function buildRange(option: Option | null): Negatable<Range> | null {
  const ports = negatable(option, (value) => toPortRange(value));
  const isEverything = ports?.negated === false && ports.value.from === 0 && ports.value.to === 65535;
  return isEverything ? null : ports;
}

function toFlags(text: string): readonly TcpFlag[] {
  if (text === "ALL") return flagNames;
  if (text === "NONE") return [];
  const words = text.split(",");
  if (!words.every((word) => flagNames.some((name) => name === word))) throw new Unmodelled(text);
  return flagNames.filter((name) => words.includes(name));
}

function buildMultiport(given: readonly Option[]): MultiportMatch {
  const sides = [
    { side: "source", option: find(given, "--sports", "--source-ports") },
    { side: "destination", option: find(given, "--dports", "--destination-ports") },
    { side: "either", option: find(given, "--ports") },
  ] as const;
  const [only, ...others] = sides.filter(({ option }) => option !== null);
  if (only === undefined || others.length > 0) throw new Unmodelled("multiport with several lists or none");
  const { negated, value } = required(negatable(only.option, toPortRanges));
  return { kind: "multiport", side: only.side, negated, ports: value };
}

function buildIcmp(kind: IcmpMatch["kind"], option: Option | null): IcmpMatch {
  const { negated, value } = negatable(option, (text) => toIcmpType(text, kind)) ?? { negated: false, value: { type: null, code: null } };
  return { kind, negated, ...value };
}

/** `8`, `3/1`, `echo-request`, `any`; in a dump of IPv4, 255 is how old versions print `any`. */
function toIcmpType(text: string, kind: IcmpMatch["kind"]): { readonly type: number | null; readonly code: number | null } {
  if (kind === "icmp" && (text === "any" || text === "255")) return { type: null, code: null };
  const numbers = /^\d/.test(text) ? text : required(icmpNumbers(text, kind === "icmp" ? 4 : 6));
  const [type = "", code, ...rest] = numbers.split("/");
  if (rest.length > 0) throw new Unmodelled(text);
  return { type: toInteger(type, 255), code: code === undefined ? null : toInteger(code, 255) };
}
