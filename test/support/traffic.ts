/** Packets between namespaces, bounded in number and time, and counters of what arrives. */
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { runIn } from "./namespaces.ts";

export interface Target {
  readonly address: string;
  readonly port: number;
}

export interface Flood extends Target {
  /** The source address, which must be the sender's own for IPv6. */
  readonly from: string;
  /** All with one source port, as a retransmission has it, or each with another. */
  readonly tuples: "one" | "many";
}

export const FLOOD_SIZE = 500;
const FLOOD_INTERVAL = 0.004;

/** Sends 500 SYNs, one every 4 ms, and gives the seconds that it took. IPv4 by hping3, which knows no IPv6. */
export async function floodWithSyns(netns: string, { address, port, from, tuples }: Flood): Promise<number> {
  const start = performance.now();
  if (address.includes(":")) {
    await runIn(netns, ["perl", fileURLToPath(new URL("syn6.pl", import.meta.url)), from, address, String(port), String(FLOOD_SIZE), String(FLOOD_INTERVAL), tuples]);
  } else {
    const same = tuples === "one" ? ["-k", "-s", "40000"] : [];
    await hping(netns, ["-c", String(FLOOD_SIZE), "-i", `u${FLOOD_INTERVAL * 1e6}`, "-a", from, "-S", "-p", String(port), ...same, address]);
  }
  return (performance.now() - start) / 1000;
}

/** Sends ten packets with the given flags of hping3 (none is NULL) and gives how many were answered. */
export async function sendFlags(netns: string, { address, port }: Target, flags: readonly string[]): Promise<number> {
  const words = await hping(netns, ["-c", "10", "-i", "u20000", ...flags, "-p", String(port), address]);
  const [, received] = /(\d+) packets received/.exec(words) ?? [];
  if (received === undefined) throw new Error(`hping3 said: ${words}`);
  return Number(received);
}

/** hping3 ends with 1 when nothing answers. */
async function hping(netns: string, args: readonly string[]): Promise<string> {
  const { exitCode, all } = await execa("nsenter", [`--net=${netns}`, "--", "hping3", "-q", ...args], { all: true, reject: false, timeout: 30_000, stdin: "ignore" });
  if (exitCode !== 0 && exitCode !== 1) throw new Error(`hping3 ended with ${String(exitCode)}: ${all}`);
  return all;
}

/** Counts of TCP packets by kind since the last reading. */
export interface Arrivals {
  readonly syn: number;
  readonly scan: number;
}

/** Counts what gets to a port: at the entrance of a container's namespace, or of a host what its filters let through to a program. */
export async function countArrivals(netns: string, hook: "prerouting" | "input", port: number): Promise<() => Promise<Arrivals>> {
  const priority = hook === "prerouting" ? -300 : 10;
  const all = "tcp flags & (fin | syn | rst | psh | ack | urg) ==";
  const table = `table inet arrivals${port} {
    counter syn { }
    counter scan { }
    chain count {
      type filter hook ${hook} priority ${priority}; policy accept;
      tcp dport ${port} tcp flags & (syn | ack | fin | rst) == syn counter name syn
      tcp dport ${port} ${all} 0x0 counter name scan
      tcp dport ${port} ${all} fin | psh | urg counter name scan
      tcp dport ${port} ${all} fin | syn | rst | psh | ack | urg counter name scan
    }
  }`;
  await runIn(netns, ["nft", "-f", "-"], { input: table });
  return async () => {
    const listing = await runIn(netns, ["nft", "-j", "reset", "counters", "table", "inet", `arrivals${port}`]);
    const { nftables } = JSON.parse(listing) as { nftables: { counter?: { name: string; packets: number } }[] };
    const packets = (name: string): number => nftables.find(({ counter }) => counter?.name === name)?.counter?.packets ?? 0;
    return { syn: packets("syn"), scan: packets("scan") };
  };
}

export interface Visit extends Target {
  readonly from: string;
}

/** How many of that many downloads, one after the other, got the whole page. */
export async function visit(netns: string, { address, port, from }: Visit, times: number): Promise<number> {
  const host = address.includes(":") ? `[${address}]` : address;
  let got = 0;
  for (let count = 0; count < times; count++) {
    const command = ["curl", "-s", "-m", "3", "--interface", from, `http://${host}:${port}/`];
    const { exitCode, stdout } = await execa("nsenter", [`--net=${netns}`, "--", ...command], { reject: false, stdin: "ignore" });
    if (exitCode === 0 && stdout.startsWith("hello")) got++;
  }
  return got;
}

/** Opens connections at an interval (milliseconds), holds all, and gives the outcome of each: `open`, or the error's code. */
export async function holdConnections(netns: string, { address, port, from }: Visit, times: number, interval: number): Promise<string[]> {
  const script = `
    import { connect } from "node:net";
    import { setTimeout as sleep } from "node:timers/promises";
    const outcomes = [];
    for (let count = 0; count < ${times}; count++) {
      outcomes.push(new Promise((resolve) => {
        const socket = connect({ host: ${JSON.stringify(address)}, port: ${port}, localAddress: ${JSON.stringify(from)}, timeout: 5000 });
        socket.on("connect", () => resolve("open")).on("timeout", () => resolve("timeout")).on("error", (error) => resolve(error.code));
      }));
      await sleep(${interval});
    }
    console.log(JSON.stringify(await Promise.all(outcomes)));
    process.exit();`;
  return JSON.parse(await runIn(netns, [process.execPath, "--input-type=module", "-e", script])) as string[];
}

/** Milliseconds that a number of connections took, each opened and closed after the one before it. */
export async function connectInTurn(netns: string, { address, port }: Target, times: number): Promise<number> {
  const script = `
    import { connect } from "node:net";
    import { once } from "node:events";
    const start = performance.now();
    for (let count = 0; count < ${times}; count++) {
      const socket = connect({ host: ${JSON.stringify(address)}, port: ${port} });
      await once(socket, "connect");
      socket.destroy();
    }
    console.log(performance.now() - start);`;
  return Number(await runIn(netns, [process.execPath, "--input-type=module", "-e", script]));
}
