/** What becomes of a connection that a container opens, and of the answers to it. */
import type { HostNetwork } from "../walk/network.ts";
import type { Connection, Packet } from "../walk/packet.ts";
import { flagBits } from "../firewall/tests.ts";
import type { Prepared } from "../walk/prepare.ts";
import { walkPacket, type Walk } from "../walk/walk.ts";

export interface Egress {
  /** The first packet, while every limit is kept. */
  readonly within: Walk;
  /** The same once every limit is exceeded: a limit that is meant for visitors may be met here too. */
  readonly beyond: Walk;
  /** The answer to it (SYN and ACK for TCP), as it comes back by the interface that the first packet left by; null where that never left. */
  readonly answer: Walk | null;
}

/** `packet`: the first of a connection, as it comes from the container. */
export function askEgress(prepared: Prepared, network: HostNetwork, packet: Packet): Egress {
  const ask = (scenario: "within" | "beyond"): Walk => walkPacket(prepared, packet, { network, connection: null, scenario });
  const within = ask("within");
  const { connection, out, verdict } = within;
  const answer = verdict !== "accept" || connection === null || out === null ? null : walkPacket(
    prepared, answerTo(connection, out), { network, connection: { ...connection, state: "ESTABLISHED", direction: "reply" }, scenario: "within" },
  );
  return { within, beyond: ask("beyond"), answer };
}

function answerTo({ reply, protocol }: Connection, out: string): Packet {
  return {
    in: out, source: reply.source, destination: reply.destination, protocol, sourcePort: reply.sourcePort, destinationPort: reply.destinationPort,
    tcpFlags: protocol === 6 ? flagBits.SYN | flagBits.ACK : null, icmpType: null, icmpCode: null,
  };
}
