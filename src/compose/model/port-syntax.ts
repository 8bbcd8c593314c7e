/** The short syntax of a published port: `IP:HOST:CONTAINER/PROTOCOL` with ranges (docker/go-connections, nat). */
import { isAddress } from "../../facts/addresses.ts";

export interface ShortPort {
  /** Null where none is given. */
  readonly hostIp: string | null;
  /** A number or, for the engine to choose from, a range; null where none is given. */
  readonly published: string | null;
  readonly target: number;
  readonly protocol: string;
}

/** One entry for each container port, in the order of Compose: by "PORT/PROTOCOL" as text. */
export function parsePorts(text: string): readonly ShortPort[] | { readonly refused: string } {
  const parts = text.split(":");
  const [container = "", host = ""] = [parts.pop(), parts.pop()];
  const [numbers, given] = cut(container, "/");
  if (numbers === "") return { refused: `${JSON.stringify(text)} names no container port` };
  const protocol = (given === "" ? "tcp" : given).toLowerCase();
  if (!["tcp", "udp", "sctp"].includes(protocol)) return { refused: `${JSON.stringify(protocol)} is no protocol: tcp, udp or sctp` };
  const address = stripBrackets(parts.join(":"));
  if (address === null || (address !== "" && !isAddress(address))) return { refused: `${JSON.stringify(parts.join(":"))} is no IP address` };
  const target = parseRange(numbers);
  if (target === null) return { refused: `${JSON.stringify(numbers)} is no container port: 0 to 65535, or a range` };
  const published = host === "" ? null : parseRange(host);
  if (host !== "" && published === null) return { refused: `${JSON.stringify(host)} is no host port: 0 to 65535, or a range` };
  return pairPorts(text, target, published, protocol, address === "" ? null : address);
}

type Range = readonly [first: number, last: number];

function pairPorts(text: string, target: Range, published: Range | null, protocol: string, hostIp: string | null): readonly ShortPort[] | { refused: string } {
  const count = target[1] - target[0] + 1;
  const choices = published === null ? 0 : published[1] - published[0] + 1;
  if (published !== null && choices !== count && count > 1) return { refused: `${JSON.stringify(text)} has ranges of different length` };
  const ports = Array.from({ length: count }, (_, index): ShortPort => {
    const range = published !== null && count === 1 && choices > 1 ? `${published[0]}-${published[1]}` : null;
    const host = published === null ? null : String(published[0] + index);
    return { hostIp, published: range ?? host, target: target[0] + index, protocol };
  });
  return ports.sort((a, b) => (`${a.target}/${a.protocol}` < `${b.target}/${b.protocol}` ? -1 : 1));
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function stripBrackets(address: string): string | null {
  if (!address.startsWith("[")) return address;
  return address.endsWith("]") ? address.slice(1, -1) : null;
}

function parseRange(text: string): Range | null {
  const [first, last] = cut(text, "-");
  const from = parsePort(first);
  const to = text.includes("-") && first !== last ? parsePort(last) : from;
  return from === null || to === null || to < from ? null : [from, to];
}

function parsePort(text: string): number | null {
  return /^\+?[0-9]{1,9}$/.test(text) && Number(text) <= 65535 ? Number(text) : null;
}
