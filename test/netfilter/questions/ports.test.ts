/** Which ports a few addresses get to, against the walk of a packet from each address to each port. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { groupAlike } from "../../../src/netfilter/questions/alike.ts";
import { askPortsFrom, type PortClass } from "../../../src/netfilter/questions/ports.ts";
import { contains } from "../../../src/netfilter/sets/intervals.ts";
import { prepareFirewall } from "../../../src/netfilter/walk/prepare.ts";
import { walkPacket } from "../../../src/netfilter/walk/walk.ts";
import { FIRST, randomRules, SIZE } from "../symbolic/random.ts";
import { dockerNetwork, fateOf, firewallOf, packetOf } from "../walk/world.ts";

const network = dockerNetwork();
const addresses = Array.from({ length: Number(SIZE) }, (_, index) => ({ family: 4 as const, value: FIRST + BigInt(index) }));
const packets = fc.constantFrom("eth0 10.0.0.0:40000 > 192.0.2.1:80 SYN", "eth0 10.0.0.0:40000 > 172.17.0.2:80 SYN", "docker0 10.0.0.0:40000 > 198.51.100.9:80 SYN", "docker0 10.0.0.0:40000 > 172.17.0.1:80");
const scenarios = fc.constantFrom("within" as const, "beyond" as const);
/** Ports of the random rules, and their neighbours. */
const ports = [1, 79, 80, 81, 82, 90, 91, 65_535];

it("is the same for each address of a class, and for each of its ports", { timeout: 120_000 }, () => {
  fc.assert(fc.property(randomRules, packets, scenarios, (rules, text, scenario) => {
    const prepared = prepareFirewall(firewallOf(rules));
    const packet = packetOf(text);
    const classes = askPortsFrom(prepared, network, packet, groupAlike(prepared.firewall, network, addresses, "source"), scenario);
    for (const source of addresses) {
      for (const port of ports) {
        const fate = fateOf(walkPacket(prepared, { ...packet, source, destinationPort: port }, { network, connection: null, scenario }));
        const said = classes.filter((one) => contains(one.ports, port) && contains(one.sources, source.value)).map((one) => fateAt(one, port));
        expect({ source, port, said }).toEqual({ source, port, said: [fate] });
      }
    }
  }), { numRuns: 80 });
});

/** A class speaks for all its ports; where it leads to keeps the port that was asked for, unless that is translated. */
function fateAt({ walk, witness }: PortClass, port: number): string {
  const { to } = walk;
  return fateOf(to?.port === witness.destinationPort ? { ...walk, to: { address: to.address, port } } : walk);
}
