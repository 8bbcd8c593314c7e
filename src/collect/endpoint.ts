/** Where the engine is: DOCKER_HOST, else the default socket, else the rootless one. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { HardenError } from "../errors.ts";

export type Endpoint =
  | { readonly kind: "unix"; readonly url: string; readonly path: string }
  | { readonly kind: "tcp"; readonly url: string; readonly host: string; readonly port: number };

const DEFAULT_SOCKET = "/var/run/docker.sock";

/** Throws HardenError for a DOCKER_HOST that is not understood. */
export function findEndpoint(environment: Readonly<Record<string, string | undefined>>): Endpoint {
  const given = environment["DOCKER_HOST"] ?? "";
  if (given === "") return unixEndpoint(findSocket(environment));
  if (given.startsWith("unix://")) return unixEndpoint(given.slice("unix://".length));
  if (given.startsWith("tcp://") && URL.canParse(given)) {
    const { hostname, port } = new URL(given);
    return { kind: "tcp", url: given, host: hostname, port: port === "" ? 2375 : Number(port) };
  }
  throw new HardenError(`DOCKER_HOST is "${given}", which is no address of an engine that harden can use`, {
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
