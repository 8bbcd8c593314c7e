/** Real requests over TCP, many at once, out of one network namespace. */
import { runIn } from "../namespaces.ts";

export interface Target {
  readonly address: string;
  readonly port: number;
}

/** `open`: there was an answer. Else how it ended: `refused`, `closed` (taken by a proxy that got nowhere), `timeout`, or the error's code. */
export type Outcome = string;

/** Silence of this many milliseconds is a timeout: two SYNs, the second after one second, on cables that delay nothing. */
const TIMEOUT = 2500;

/** In the order of the targets. */
export async function connectAll(netns: string, targets: readonly Target[]): Promise<readonly Outcome[]> {
  const script = `
    import { connect } from "node:net";
    const targets = ${JSON.stringify(targets)};
    const outcomes = targets.map(({ address, port }) => new Promise((resolve) => {
      const socket = connect({ host: address, port, timeout: ${String(TIMEOUT)} });
      const end = (outcome) => { socket.destroy(); resolve(outcome); };
      socket.on("connect", () => socket.write("GET / HTTP/1.0\\r\\n\\r\\n")).on("data", () => end("open")).on("close", () => end("closed")).on("timeout", () => end("timeout")).on("error", ({ code }) => end(code === "ECONNREFUSED" ? "refused" : code));
    }));
    console.log(JSON.stringify(await Promise.all(outcomes)));
    process.exit();`;
  return JSON.parse(await runIn(netns, [process.execPath, "--input-type=module", "-e", script])) as Outcome[];
}
