/** The connection that a person came by, as sshd tells it. */
import { HardenError } from "../../errors.ts";
import { type Address, parseAddress, withoutMapping } from "../../netfilter/index.ts";

/** Both ends of a TCP connection to this host. */
export interface HostConnection {
  readonly client: Address;
  readonly clientPort: number;
  readonly server: Address;
  readonly serverPort: number;
  /** The interface that a link-local address belongs to; null where the routes tell it. */
  readonly zone: string | null;
}

/**
 * `SSH_CONNECTION` of ssh(1): `CLIENT PORT SERVER PORT`. A socket for both families tells IPv4 addresses as `::ffff:192.0.2.1`, a link-local one carries its zone
 * (`fe80::1%eth0`). Throws HardenError for anything else.
 */
export function readSshConnection(text: string): HostConnection {
  const [client, clientPort, server, serverPort, ...rest] = text.trim().split(/\s+/);
  const [from, to] = [readEnd(client), readEnd(server)];
  const ports = [clientPort, serverPort].map(readPort);
  const [source, destination] = ports;
  if (from === null || to === null || source == null || destination == null || rest.length > 0 || from.address.family !== to.address.family) {
    throw new HardenError(`SSH_CONNECTION is ${JSON.stringify(text)}, not "CLIENT PORT SERVER PORT"`, { hint: "name the access that must survive by --keep CIDR:PORT" });
  }
  return { client: from.address, clientPort: source, server: to.address, serverPort: destination, zone: from.zone ?? to.zone };
}

/** The number of a TCP port; null if the text is none. */
export function readPort(text: string | undefined): number | null {
  const number = /^\d{1,5}$/.test(text ?? "") ? Number(text) : 0;
  return number >= 1 && number <= 65_535 ? number : null;
}

function readEnd(text = ""): { readonly address: Address; readonly zone: string | null } | null {
  const [bare = "", zone] = text.split("%", 2);
  const address = parseAddress(bare);
  return address === null || zone === "" ? null : { address: withoutMapping(address), zone: zone ?? null };
}
