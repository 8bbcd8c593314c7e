/** Network namespaces of tests: commands in them, and a host outside of the engine's. */
import { execa } from "execa";
import { holdNamespace } from "./hold-namespace.ts";

/** Time that any one command of a test may take, milliseconds. */
const COMMAND_TIMEOUT = 60_000;
/** Time for one TCP connection, seconds: on a veth pair what does not answer at once never will. */
const CONNECT_TIMEOUT = "1";

/** A host beside the engine's, on a cable to it, which routes everything through it. Addresses are documentation's (RFC 5737, RFC 3849). */
export interface Outside {
  readonly netns: string;
  /** This host's own addresses. */
  readonly address4: string;
  readonly address6: string;
  /** The engine's host, seen from here. */
  readonly engine4: string;
  readonly engine6: string;
  /** Standard output of a command run here; rejects where it fails. */
  readonly run: (...command: readonly string[]) => Promise<string>;
  /** Whether a TCP connection to the address and port is accepted within a second. */
  readonly connects: (address: string, port: number) => Promise<boolean>;
  readonly remove: () => Promise<void>;
}

/** Runs a command in a network namespace, without a shell. Gives its standard output, rejects with its standard error where it fails. */
export async function runIn(netns: string, command: readonly string[], options: { readonly input?: string } = {}): Promise<string> {
  const { stdout } = await execa("nsenter", [`--net=${netns}`, "--", ...command], { input: options.input ?? "", timeout: COMMAND_TIMEOUT });
  return stdout;
}

/** Whether a TCP connection from a namespace is accepted within a second. */
export async function connectsFrom(netns: string, address: string, port: number): Promise<boolean> {
  const connect = 'exec 3<>"/dev/tcp/$1/$2"';
  const command = ["timeout", CONNECT_TIMEOUT, "bash", "-c", connect, "bash", address, String(port)];
  const { exitCode } = await execa("nsenter", [`--net=${netns}`, "--", ...command], { reject: false, stdin: "ignore" });
  if (exitCode === undefined) throw new Error("the connection could not be tried");
  return exitCode === 0;
}

/**
 * Joins a second namespace to the engine's: `eth0` on both sides, IPv4 and IPv6, each the other's default route. One for
 * an engine. It ends with the test at the latest.
 */
export async function joinOutside(engine: { readonly netns: string }): Promise<Outside> {
  const { netns, release } = await holdNamespace();
  const [address4, address6, engine4, engine6] = ["192.0.2.2", "2001:db8::2", "192.0.2.1", "2001:db8::1"];
  try {
    await runIn(engine.netns, ["ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", netns]);
    await configure(engine.netns, [engine4, engine6], [address4, address6]);
    await configure(netns, [address4, address6], [engine4, engine6]);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    netns,
    address4,
    address6,
    engine4,
    engine6,
    run: (...command) => runIn(netns, command),
    connects: (address, port) => connectsFrom(netns, address, port),
    remove: release,
  };
}

async function configure(netns: string, [own4, own6]: [string, string], [other4, other6]: [string, string]): Promise<void> {
  // Without duplicate address detection, which keeps an IPv6 address unusable for a second.
  const batch = [
    `address add ${own4}/24 dev eth0`,
    `address add ${own6}/64 dev eth0 nodad`,
    "link set eth0 up",
    `route add default via ${other4}`,
    `route add default via ${other6}`,
  ];
  await runIn(netns, ["ip", "-batch", "-"], { input: batch.join("\n") });
}
