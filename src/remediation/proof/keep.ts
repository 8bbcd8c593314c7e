/** `--keep CIDR:PORT`: an access to this host that must survive. */
import { HardenError } from "../../errors.ts";
import { formatAddress, type Intervals, networkRange, parseAddress, withoutMapping } from "../../netfilter/index.ts";
import { readPort } from "./ssh-connection.ts";

/** Whoever sends from these addresses to this TCP port of the host. */
export interface KeptAccess {
  readonly family: 4 | 6;
  readonly sources: Intervals<bigint>;
  readonly port: number;
  /** As it was asked for. */
  readonly text: string;
}

/** `203.0.113.0/24:22`, `203.0.113.7:22`, `[2001:db8::/32]:22`; brackets may be left away. Throws HardenError. */
export function readKeep(text: string): KeptAccess {
  const [, bracketed, plain = "", number] = /^(?:\[([^[\]]+)\]|([^[\]]+)):(\d+)$/.exec(text.trim()) ?? [];
  const [bare = "", length, ...rest] = (bracketed ?? plain).split("/");
  const [written, port] = [parseAddress(bare), readPort(number)];
  if (written === null || port === null || rest.length > 0) throw refuse(text);
  const address = withoutMapping(written);
  const most = address.family === 4 ? 32 : 128;
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) - (written.family === address.family ? 0 : 96) : -1;
  if (bits < 0 || bits > most) throw refuse(text);
  return { family: address.family, sources: networkRange(`${formatAddress(address)}/${String(bits)}`, address.family), port, text };
}

function refuse(text: string): HardenError {
  return new HardenError(`${JSON.stringify(text)} is no CIDR:PORT`, { hint: "for example --keep 203.0.113.0/24:22 or --keep [2001:db8::/32]:22" });
}
