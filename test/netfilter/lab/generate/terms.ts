/** Addresses, ports and interfaces out of the lab's small space, so that rules and packets meet. */
import fc from "fast-check";
import type { Family } from "../../vocabulary/terms.ts";
import { OWN, SPOTS } from "../topology.ts";

const suffix = (family: Family): "address4" | "address6" => (family === 4 ? "address4" : "address6");

/** Addresses of the containers. */
export function containerAddress(family: Family): fc.Arbitrary<string> {
  return fc.constantFrom(...[SPOTS.a1, SPOTS.a2, SPOTS.b1].map((spot) => spot[suffix(family)]));
}

/** Addresses of the firewall host. */
export function ownAddress(family: Family): fc.Arbitrary<string> {
  return fc.constantFrom(...Object.values(OWN).map((own) => own[suffix(family)]));
}

/** Addresses beyond the outside host, and its own. */
export function outsideAddress(family: Family): fc.Arbitrary<string> {
  return fc.constantFrom(...(family === 4 ? [SPOTS.outside.address4, "203.0.113.5", "203.0.113.200", "10.9.8.7"] : [SPOTS.outside.address6, "2001:db8:5::5", "2001:db8:5::200", "2001:db8:9::7"]));
}

export function anyAddress(family: Family): fc.Arbitrary<string> {
  return fc.oneof(containerAddress(family), ownAddress(family), outsideAddress(family), fc.constant(SPOTS.neighbour[suffix(family)]));
}

/** Of -s and -d. */
export function network(family: Family): fc.Arbitrary<string> {
  const wide = family === 4 ? ["172.16.0.0/12", "172.17.0.0/16", "172.18.0.0/16", "203.0.113.0/25", "192.0.2.0/24", "10.0.0.0/8", "128.0.0.0/1", "127.0.0.0/8", "172.17.0.2/255.255.0.255"] : ["fd00::/8", "fd00:17::/64", "fd00:18::/64", "2001:db8:5::/64", "2001:db8::/32", "2001:db8:5::/121", "::1/128"];
  return fc.oneof({ weight: 2, arbitrary: anyAddress(family) }, { weight: 3, arbitrary: fc.constantFrom(...wide) });
}

export function addressRange(family: Family): fc.Arbitrary<string> {
  return fc.constantFrom(...(family === 4 ? ["172.17.0.2-172.17.0.3", "172.16.0.0-172.17.255.255", "203.0.113.0-203.0.113.100", "0.0.0.0-191.255.255.255"] : ["fd00:17::2-fd00:17::3", "fd00::-fd00:17::2", "2001:db8:5::-2001:db8:5::100"]));
}

export const interfaceName = fc.constantFrom("eth0", "eth1", "docker0", "br-shop", "eth+", "br+", "docker+", "lo", "vetha1", "gone0");

/** Ports that packets and rules share. */
export const knownPort = fc.constantFrom(22, 53, 80, 443, 8080, 8081, 40000);

export const portRange = fc.oneof(knownPort.map(String), fc.constantFrom("80:443", "8000:9000", ":1023", "1024:", "20000:30000"));

export const mark = fc.constantFrom(0, 1, 2, 0x10, 0xff, 0x100);
export const maskedMark = fc.tuple(mark, fc.constantFrom(0xffffffff, 0xff, 0xf, 0x1)).map(([value, mask]) => `0x${((value & mask) >>> 0).toString(16)}/0x${mask.toString(16)}`);
