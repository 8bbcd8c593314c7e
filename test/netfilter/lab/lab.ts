/** The lab at work: loads rule sets into the firewall host, sends packets, and tells what became of each. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { createInterface } from "node:readline";
import { formatAddress } from "../../../src/netfilter/addresses.ts";
import type { NetworkState } from "../../../src/netfilter/network/model.ts";
import { joinNetwork, parseNetworkPart } from "../../../src/netfilter/network/parse/read.ts";
import type { Packet } from "../../../src/netfilter/walk/packet.ts";
import { type Driver, type Shot, type Sound, startDriver } from "./driver.ts";
import { addressOf, buildPacket, bytesOf, type Contents, type Heard, readBody, readFrame, readPacket } from "./frames.ts";
import { NEIGHBOURS, OWN, type Place, SPOTS, buildTopology } from "./topology.ts";

/** What became of a packet. */
export interface Observed {
  /** Every place that got it, and with which ends it arrived there. */
  readonly deliveries: readonly Delivery[];
  /** `tcp-reset` or `icmp TYPE/CODE`, if an answer came back. */
  readonly answer: string | null;
}

export interface Delivery {
  readonly at: Place | "host";
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
}

/** A packet and who sends it: `host` where the packet comes by no interface. */
export interface LabPacket extends Omit<Contents, "tag"> {
  readonly from: Place | "host";
  readonly packet: Packet;
}

export interface Lab {
  /** Runs shell commands in the firewall host; rejects with what they say where one fails. */
  readonly run: (script: string) => Promise<string>;
  /** What harden would read of the firewall host. */
  readonly network: () => Promise<NetworkState>;
  /** In the order of the packets, which must be of different connections. `quiet`: seconds of silence that end the hearing. */
  readonly shoot: (packets: readonly LabPacket[], quiet?: number) => Promise<readonly Observed[]>;
  readonly close: () => Promise<void>;
}

/** Silence after which nothing more is expected, seconds: veth delivers at once. */
const QUIET = 0.02;

/** Needs root. About half a second. */
export async function openLab(): Promise<Lab> {
  const topology = await buildTopology();
  const shell = openShell(topology.firewall);
  let driver: Driver | null = null;
  const close = async (): Promise<void> => {
    await driver?.end();
    await shell.end();
    await topology.remove();
  };
  try {
    driver = await startDriver(topology);
  } catch (error) {
    await close();
    throw error;
  }
  let tags = 0;
  const { shoot } = driver;
  return {
    run: shell.run,
    network: () => readNetwork(shell),
    async shoot(packets, quiet = QUIET) {
      const numbered = packets.map((packet) => ({ ...packet, tag: (tags = (tags + 16) % 2 ** 31) }));
      const sounds = await shoot(numbered.map(toShot), quiet);
      const heard = sounds.flatMap((sound) => {
        const found = interpret(sound);
        return found === null ? [] : [{ ...found, at: sound.at }];
      });
      return numbered.map((sent) => observe(sent, heard.filter((found) => found.tag === sent.tag)));
    },
    close,
  };
}

function toShot({ from, packet, ...contents }: LabPacket & Contents): Shot {
  const bytes = buildPacket(packet, contents);
  if (from === "host") return { from: packet.source.family === 4 ? "host4" : "host6", bytes };
  const { iface, mac } = SPOTS[from];
  const source = Buffer.from(mac.replaceAll(":", ""), "hex");
  const type = Buffer.from(packet.source.family === 4 ? "0800" : "86dd", "hex");
  return { from, bytes: Buffer.concat([hardwareOf(packet, from, iface), source, type, bytes]) };
}

/** To the firewall host, but to a neighbour on the same bridge directly. */
function hardwareOf({ destination }: Packet, from: Place, iface: string): Buffer {
  const bytes = bytesOf(destination);
  const own = OWN[iface];
  if (destination.family === 4) {
    if ((bytes[0] ?? 0) >> 4 === 14) return Buffer.from([1, 0, 0x5e, (bytes[1] ?? 0) & 127, bytes[2] ?? 0, bytes[3] ?? 0]);
    const bits = BigInt(32 - (own?.length4 ?? 32));
    const broadcast = own === undefined ? 0n : addressOf(own.address4).value | ((1n << bits) - 1n);
    if (destination.value === 0xffffffffn || destination.value === broadcast) return Buffer.alloc(6, 255);
  } else if (bytes[0] === 255) return Buffer.concat([Buffer.from([0x33, 0x33]), bytes.subarray(12)]);
  const neighbour = NEIGHBOURS.get(formatAddress(destination));
  const direct = neighbour !== undefined && neighbour !== from && SPOTS[neighbour].iface === iface && SPOTS[neighbour].port !== null;
  return Buffer.from((direct ? SPOTS[neighbour].mac : (own?.mac ?? "")).replaceAll(":", ""), "hex");
}

function interpret({ at, bare, bytes }: Sound): Heard | null {
  if (at !== "host") return readFrame(bytes);
  return bare === null ? readPacket(bytes) : readBody(bytes, bare.protocol, addressOf("::"), addressOf(bare.address));
}

/** An ICMP error that was sent is heard as an answer to what it quotes. */
function observe({ packet, quoted }: LabPacket, heard: readonly (Heard & { readonly at: Sound["at"] })[]): Observed {
  const own = quoted === undefined ? null : `icmp ${String(packet.icmpType)}/${String(packet.icmpCode)}`;
  const deliveries = heard
    .filter(({ answer }) => answer === own)
    .map(({ at, source, destination, sourcePort, destinationPort }) => ({ at, source: formatAddress(source), destination: formatAddress(destination), sourcePort, destinationPort }));
  return { deliveries: isMulticast6(packet.destination) ? mergeMulticast(packet, deliveries) : deliveries, answer: heard.find(({ answer }) => answer !== null && answer !== own)?.answer ?? null };
}

/** The sockets of all own addresses hear a multicast, and none of them can tell. One that only one of them heard was translated. */
function mergeMulticast({ destination }: Packet, deliveries: readonly Delivery[]): readonly Delivery[] {
  const [first, second] = deliveries.filter(({ at }) => at === "host");
  const others = deliveries.filter(({ at }) => at !== "host");
  return first === undefined || second === undefined ? deliveries : [{ ...first, destination: formatAddress(destination) }, ...others];
}

function isMulticast6({ family, value }: Packet["destination"]): boolean {
  return family === 6 && value >> 120n === 0xffn;
}

async function readNetwork({ run }: Shell): Promise<NetworkState> {
  const commands = ["-d link", "-4 addr", "-6 addr", "-4 route show table all", "-6 route show table all", "rule", "-6 rule"];
  const parts = await Promise.all(commands.map(async (words) => parseNetworkPart(await run(`ip -j ${words}`))));
  const values = await run("sysctl -a 2>/dev/null | grep -e '^net.ipv[46].conf' -e '^net.bridge' -e '^net.netfilter' -e ip_forward");
  const pairs = values.split("\n").map((line) => line.split(" = "));
  return joinNetwork(parts, Object.fromEntries(pairs.map(([key = "", value = ""]) => [key, value])));
}

interface Shell {
  readonly run: (script: string) => Promise<string>;
  readonly end: () => Promise<void>;
}

/** One shell that stays, since starting a process for each command would cost more than the commands. One command at a time. */
function openShell(netns: string): Shell {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn("nsenter", [`--net=${netns}`, "--", "bash"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  const run = async (script: string): Promise<string> => {
    child.stdin.write(`{ ${script}\n} 2>&1 </dev/null; status=$?; echo; echo "ended-with $status"\n`);
    const output: string[] = [];
    for (;;) {
      const { done, value } = (await lines.next());
      if (done === true) throw new Error("the shell ended");
      const status = /^ended-with (\d+)$/.exec(value)?.[1];
      if (status === "0") return output.join("\n").trimEnd();
      if (status !== undefined) throw new Error(`${script}\n${output.join("\n")}`);
      output.push(value);
    }
  };
  return {
    run: (script) => {
      const result = last.then(() => run(script));
      last = result.catch(() => undefined);
      return result;
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}
