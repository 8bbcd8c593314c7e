/** Where the engine is: DOCKER_HOST, else the default socket, else the rootless one. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { HardenError } from "../errors.ts";
import { redactText } from "../snapshot/redact.ts";
import { quote } from "../text.ts";

export type Endpoint =
  | { readonly kind: "unix"; readonly url: string; readonly path: string }
  | { readonly kind: "tcp"; readonly url: string; readonly host: string; readonly port: number };

const DEFAULT_SOCKET = "/var/run/docker.sock";
const DEFAULT_PORT = 2375;
/** What a socket's address has room for, its end mark not counted (unix(7)). */
const LONGEST_PATH = 107;

/**
 * Reads DOCKER_HOST as Docker's client does: `host:port` is TCP, and what is left out is the default. Throws HardenError for one that is
 * not understood. `url` is without credentials.
 */
export function findEndpoint(environment: Readonly<Record<string, string | undefined>>): Endpoint {
  const given = environment["DOCKER_HOST"] ?? "";
  if (given === "") return unixEndpoint(findSocket(environment));
  const [, scheme = "tcp", address = given] = /^([a-z]+):\/\/(.*)$/s.exec(given) ?? [];
  if (scheme === "unix") return unixEndpoint(address === "" ? DEFAULT_SOCKET : checkPath(address));
  if (scheme === "tcp") return tcpEndpoint(address, environment) ?? refuse(given);
  return refuse(given);
}

function checkPath(path: string): string {
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path;
  throw new HardenError(`DOCKER_HOST is too long for the path of a unix socket: ${quote(path)}`, { hint: `it has room for ${LONGEST_PATH} bytes` });
}

/** Null if it is no address. */
function tcpEndpoint(address: string, environment: Readonly<Record<string, string | undefined>>): Endpoint | null {
  const url = `tcp://${address === "" || address.startsWith(":") ? `localhost${address}` : address}`;
  if (!URL.canParse(url)) return null;
  const { hostname, port, pathname } = new URL(url);
  if (hostname === "" || pathname.length > 1) return null;
  if ((environment["DOCKER_TLS_VERIFY"] ?? "") !== "") {
    throw new HardenError("DOCKER_TLS_VERIFY is set, and harden does not speak TLS with an engine", {
      hint: "run harden on the engine's host, or forward its socket: ssh -L /tmp/docker.sock:/var/run/docker.sock HOST",
    });
  }
  const number = port === "" ? DEFAULT_PORT : Number(port);
  return { kind: "tcp", url: `tcp://${hostname}:${number}`, host: hostname.replace(/^\[(.*)\]$/, "$1"), port: number };
}

function refuse(given: string): never {
  throw new HardenError(`DOCKER_HOST is no address of an engine that harden can use: ${quote(redactText(given))}`, {
    hint: "accepted: unix:///path/to/docker.sock, tcp://host:port",
  });
}

function findSocket(environment: Readonly<Record<string, string | undefined>>): string {
  const runtime = environment["XDG_RUNTIME_DIR"];
  const rootless = runtime === undefined ? null : join(runtime, "docker.sock");
  return !existsSync(DEFAULT_SOCKET) && rootless !== null && existsSync(rootless) ? rootless : DEFAULT_SOCKET;
}

function unixEndpoint(path: string): Endpoint {
  return { kind: "unix", url: `unix://${path}`, path };
}
