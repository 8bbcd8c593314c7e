/** The sender and listener of the lab: one process with sockets in all of its namespaces. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { OWN, type Place, SPOTS, type Topology } from "./topology.ts";

const SCRIPT = fileURLToPath(new URL("driver.pl", import.meta.url));
/** tcp, udp, icmp or icmpv6, and one without ports (esp). */
const PROTOCOLS = { 4: [6, 17, 1, 50], 6: [6, 17, 58, 50] } as const;
/** Own IPv6 addresses, each of which needs sockets of its own. */
const OWN6 = ["::1", ...Object.values(OWN).map(({ address6 }) => address6)];

export interface Driver {
  /** Sends all, in order, and gives what was heard until nothing came for `quiet` seconds. */
  readonly shoot: (shots: readonly Shot[], quiet: number) => Promise<readonly Sound[]>;
  readonly end: () => Promise<void>;
}

export interface Shot {
  /** A frame from a place, or a packet of the firewall host itself. */
  readonly from: Place | "host4" | "host6";
  readonly bytes: Buffer;
}

export interface Sound {
  /** `host`: delivered to the firewall host itself. */
  readonly at: Place | "host";
  /** For packets without their IP header (IPv6 at the host): protocol and own address. */
  readonly bare: { readonly protocol: number; readonly address: string } | null;
  readonly bytes: Buffer;
}

export async function startDriver({ firewall, places }: Topology): Promise<Driver> {
  const sockets = [
    ...(Object.keys(SPOTS) as Place[]).map((place) => `${place},${places[place]},link,eth0`),
    ...PROTOCOLS[4].map((protocol) => `host-${String(protocol)},${firewall},raw4,${String(protocol)}`),
    ...PROTOCOLS[6].flatMap((protocol) => OWN6.map((address, index) => `host-${String(protocol)}-${String(index)},${firewall},raw6,${String(protocol)},${address}`)),
    `host4,${firewall},send4`,
    `host6,${firewall},send6`,
  ];
  const child = spawn("perl", [SCRIPT, ...sockets], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { done, value } = (await lines.next());
    if (done === true) throw new Error("the lab's driver ended");
    return value;
  };
  if ((await next()) !== "ready") throw new Error("the lab's driver did not start");
  return {
    async shoot(shots, quiet) {
      child.stdin.write([...shots.map(({ from, bytes }) => `${from} ${bytes.toString("hex")}`), `collect ${String(quiet)}`, ""].join("\n"));
      const sounds: Sound[] = [];
      for (let line = await next(); line !== "done"; line = await next()) {
        const sound = readSound(line);
        if (sound !== null) sounds.push(sound);
      }
      return sounds;
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Null for frames to other stations and to all, which a bridge floods by itself. */
function readSound(line: string): Sound | null {
  const [name = "", type, hex = ""] = line.split(" ");
  if (type !== "0") return null;
  const [place = "", protocol, index] = name.split("-");
  const bare = index === undefined ? null : { protocol: Number(protocol), address: OWN6[Number(index)] ?? "" };
  return { at: place as Sound["at"], bare, bytes: Buffer.from(hex, "hex") };
}
