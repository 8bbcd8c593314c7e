/** Packets between namespaces, bounded in number and time, and counters of what arrives. */
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { runIn } from "./namespaces.ts";

export interface Target {
  readonly address: string;
  readonly port: number;
}

export interface Visit extends Target {
  /** The source address, which must be the sender's own. */
  readonly from: string;
}

export interface Flood extends Visit {
  /** All with one source port, as a retransmission has it, or each with another. */
  readonly tuples: "one" | "many";
}

export const FLOOD_SIZE = 500;
const FLOOD_INTERVAL = 0.004;

/** Sends 500 SYNs, one every 4 ms, and gives the seconds that it took. */
export async function floodWithSyns(netns: string, { address, port, from, tuples }: Flood): Promise<number> {
  const start = performance.now();
  if (address.includes(":")) {
    await send6(netns, { address, port, from }, FLOOD_SIZE, FLOOD_INTERVAL, tuples, ["-S"]);
  } else {
    const same = tuples === "one" ? ["-k", "-s", "40000"] : [];
    await hping(netns, ["-c", String(FLOOD_SIZE), "-i", `u${FLOOD_INTERVAL * 1e6}`, "-a", from, "-S", "-p", String(port), ...same, address]);
  }
  return (performance.now() - start) / 1000;
}

/** Sends ten packets with the given flags of hping3 (none is NULL) and gives how many were answered. */
export async function sendFlags(netns: string, { address, port, from }: Visit, flags: readonly string[]): Promise<number> {
  if (address.includes(":")) return send6(netns, { address, port, from }, 10, 0.02, "many", flags);
  const words = await hping(netns, ["-c", "10", "-i", "u20000", ...flags, "-p", String(port), address]);
  const [, received] = /(\d+) packets received/.exec(words) ?? [];
  if (received === undefined) throw new Error(`hping3 said: ${words}`);
  return Number(received);
}

/** The bits of hping3's flags in the header (RFC 9293). */
const BITS: Readonly<Record<string, number>> = { "-F": 1, "-S": 2, "-R": 4, "-P": 8, "-A": 16, "-U": 32 };

/** hping3 knows no IPv6. */
async function send6(netns: string, { address, port, from }: Visit, number: number, interval: number, tuples: string, flags: readonly string[]): Promise<number> {
  const bits = flags.reduce((sum, flag) => sum | (BITS[flag] ?? 0), 0);
  const program = fileURLToPath(new URL("tcp6.pl", import.meta.url));
  return Number(await runIn(netns, ["perl", program, from, address, ...[port, number, interval].map(String), tuples, String(bits)]));
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
  // In place of an earlier one.
  const table = `table inet arrivals${port}
  delete table inet arrivals${port}
  table inet arrivals${port} {
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

/** What a client that asks again and again met. */
export interface Visits {
  readonly answered: number;
  /** What went wrong, a line each. */
  readonly failed: readonly string[];
}

/** A client that asks for the page five times a second over connections of their own, each within five seconds, until it is told to stop. */
export function visitContinually(netns: string, { address, port, from }: Visit): { readonly stop: () => Promise<Visits> } {
  const script = `
    import { get } from "node:http";
    import { setTimeout as sleep } from "node:timers/promises";
    let going = true;
    process.stdin.on("end", () => { going = false; }).resume();
    const asked = [];
    while (going) {
      asked.push(new Promise((resolve) => {
        get({ host: ${JSON.stringify(address)}, port: ${port}, localAddress: ${JSON.stringify(from)}, agent: false, timeout: 5000 }, (response) => {
          response.resume().on("end", () => resolve(response.statusCode === 200 ? null : String(response.statusCode)));
        }).on("timeout", function () { this.destroy(new Error("no answer")); }).on("error", (error) => resolve(error.message));
      }));
      await sleep(200);
    }
    const outcomes = await Promise.all(asked);
    console.log(JSON.stringify({ answered: outcomes.filter((outcome) => outcome === null).length, failed: outcomes.filter((outcome) => outcome !== null) }));`;
  const client = execa("nsenter", [`--net=${netns}`, "--", process.execPath, "--input-type=module", "-e", script], { stdin: "pipe" });
  client.catch(() => undefined); // whoever stops it hears of it
  return {
    async stop() {
      client.stdin.end();
      const { stdout } = await client;
      return JSON.parse(stdout) as Visits;
    },
  };
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
