/** Where the engine is: DOCKER_HOST, else the context that Docker's client would use, else the default socket, else the first other one that is there. */
import { formatError, HardenError } from "../errors.ts";
import { redactText } from "../snapshot/redact.ts";
import { escapeInvisible, quote } from "../text.ts";
import { type Context, findConfigFolder, findContext } from "./docker-context.ts";
import { DEFAULT_SOCKET, findSockets } from "./find-sockets.ts";
import { readContextTls, readTls, type Tls } from "./tls-files.ts";

export type Endpoint =
  | { readonly kind: "unix"; readonly url: string; readonly path: string; readonly note?: string }
  | TcpEndpoint
  /** Named, and not to be used for the reason given; no other engine is asked in its place. */
  | { readonly kind: "unusable"; readonly url: string; readonly reason: string };

export interface TcpEndpoint {
  readonly kind: "tcp";
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly tls: Tls | null;
  /** What the report should say although the engine answers. */
  readonly note?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 2375;
const DEFAULT_TLS_PORT = 2376;
/** What a socket's address has room for, its end mark not counted (unix(7)). */
const LONGEST_PATH = 107;

/**
 * As Docker's client (docker/cli, cli/command/cli.go and opts/hosts.go): DOCKER_HOST hides every context; `host:port` is TCP, and what is left out is the
 * default. Throws HardenError for a DOCKER_HOST that is not understood; one by SSH, and a context or certificates that are wrong, give an endpoint that is unusable.
 * `url` is without credentials.
 */
export async function findEndpoint(environment: Environment): Promise<Endpoint> {
  const given = environment["DOCKER_HOST"] ?? "";
  if (given !== "") return fromHost(given.trim(), environment);
  const context = await giveReason("", () => findContext(environment));
  if ("kind" in context) return context;
  if (context.name !== null) return fromContext(context);
  const { endpoint, others } = findUnnamed(environment);
  const notes = [...(context.warning === undefined ? [] : [context.warning]), ...(others.length === 0 ? [] : [sayOthers(others)])];
  return notes.length === 0 || endpoint.kind === "unusable" ? endpoint : { ...endpoint, note: notes.join("; ") };
}

/** Whether the environment or Docker's configuration names an engine, rather than leaving it to the default. */
export async function isEngineNamed(environment: Environment): Promise<boolean> {
  const endpoint = (environment["DOCKER_HOST"] ?? "") === "" ? await giveReason("", () => findContext(environment)) : null;
  return endpoint === null || "kind" in endpoint || endpoint.name !== null;
}

/** TLS that is asked for names an engine: the others are not looked for. */
function findUnnamed(environment: Environment): { endpoint: Endpoint; others: readonly string[] } {
  const tls = chooseTls(environment);
  if (tls !== null) return { endpoint: openTcp({ host: "localhost", port: DEFAULT_TLS_PORT }, tls), others: [] };
  const { chosen, others } = findSockets(environment["XDG_RUNTIME_DIR"] ?? "", process.getuid?.());
  return { endpoint: unixEndpoint(chosen), others };
}

function sayOthers(sockets: readonly string[]): string {
  const scans = sockets.map((path) => `DOCKER_HOST=unix://${escapeInvisible(path)}`).join(", ");
  return sockets.length === 1 ? `another engine has a socket here: ${scans} audits it` : `other engines have sockets here, and a scan each audits them: ${scans}`;
}

/** Of DOCKER_HOST, trimmed: blanks alone leave the engine to the default. */
function fromHost(given: string, environment: Environment): Endpoint {
  if (given === "") return findUnnamed(environment).endpoint;
  const tls = chooseTls(environment);
  const [, scheme = "tcp", address = given] = /^([a-z]+):\/\/(.*)$/s.exec(given) ?? [];
  if (scheme === "unix") return unixEndpoint(address === "" ? DEFAULT_SOCKET : checkPath(address, "DOCKER_HOST"));
  if (scheme === "ssh") return refuseAddress("DOCKER_HOST is", given, SSH_HINT);
  const place = scheme === "tcp" ? parseAddress(address === "" || address.startsWith(":") ? `localhost${address}` : address, DEFAULT_PORT) : null;
  return place === null ? refuse(given) : openTcp(place, tls);
}

interface TlsChoice {
  readonly read: () => Tls | null;
  readonly unverified: string;
}

/** Any text switches it on, "0" too. */
function chooseTls(environment: Environment): TlsChoice | null {
  const verify = (environment["DOCKER_TLS_VERIFY"] ?? "") !== "";
  if (!verify && (environment["DOCKER_TLS"] ?? "") === "") return null;
  const folder = environment["DOCKER_CERT_PATH"] || findConfigFolder(environment);
  return { read: () => readTls(folder, verify), unverified: "DOCKER_TLS is set without DOCKER_TLS_VERIFY" };
}

/** A port that a context leaves out is that of the web: Docker's client adds its own to DOCKER_HOST only. */
function fromContext(context: Context): Endpoint | Promise<Endpoint> {
  const { name, host, tlsFolder, skipVerify } = context;
  if (host === "") return unixEndpoint(DEFAULT_SOCKET);
  const [, scheme, address = ""] = /^([a-z]+):\/\/(.+)$/s.exec(host) ?? [];
  if (scheme === "unix") return giveReason(host, () => unixEndpoint(checkPath(address, `the address of the context ${quote(name)}`)));
  const tls = { read: () => readContextTls(tlsFolder, !skipVerify), unverified: `SkipTLSVerify is set in the context ${quote(name)}` };
  const place = scheme === "tcp" ? parseAddress(address, null) : null;
  if (place !== null) return openTcp(place, tls);
  return refuseAddress(`the context ${quote(name)} has`, host, scheme === "ssh" ? SSH_HINT : ACCEPTED);
}

const ACCEPTED = "accepted: unix:///path/to/docker.sock, tcp://host:port";
const SSH_HINT = "run harden there: ssh HOST harden collect | harden scan --snapshot -";

/** `whose` says who has the address: a subject and its verb. */
function refuseAddress(whose: string, address: string, hint: string): Endpoint {
  return { kind: "unusable", url: redactText(address), reason: `${whose} an address that harden does not reach: ${quote(redactText(address))} (${hint})` };
}

interface Place {
  readonly host: string;
  readonly port: number | null;
}

/** Null if it is no address. */
function parseAddress(address: string, defaultPort: number | null): Place | null {
  if (!URL.canParse(`tcp://${address}`)) return null;
  const { hostname, port, pathname } = new URL(`tcp://${address}`);
  if (hostname === "" || pathname.length > 1) return null;
  return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: port === "" ? defaultPort : Number(port) };
}

function openTcp({ host, port }: Place, choice: TlsChoice | null): Endpoint {
  const bracketed = host.includes(":") ? `[${host}]` : host;
  try {
    const tls = choice?.read() ?? null;
    const number = port ?? (tls === null ? 80 : 443);
    const note = tls === null || tls.verify ? {} : { note: `the engine's certificate is not verified: ${choice?.unverified ?? ""}` };
    return { kind: "tcp", url: `tcp://${bracketed}:${number}`, host, port: number, tls, ...note };
  } catch (error) {
    return toUnusable(`tcp://${bracketed}${port === null ? "" : `:${port}`}`, error);
  }
}

async function giveReason<T>(url: string, find: () => T | Promise<T>): Promise<T | Extract<Endpoint, { kind: "unusable" }>> {
  try {
    return await find();
  } catch (error) {
    return toUnusable(url, error);
  }
}

function toUnusable(url: string, error: unknown): Extract<Endpoint, { kind: "unusable" }> {
  if (!(error instanceof HardenError)) throw error;
  return { kind: "unusable", url, reason: formatError(error).replace(/\n */g, "; ") };
}

function checkPath(path: string, what: string): string {
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path;
  throw new HardenError(`${what} is too long for the path of a unix socket: ${quote(path)}`, { hint: `it has room for ${LONGEST_PATH} bytes` });
}

function refuse(given: string): never {
  throw new HardenError(`DOCKER_HOST is no address of an engine that harden can use: ${quote(redactText(given))}`, {
    hint: ACCEPTED,
  });
}

function unixEndpoint(path: string): Endpoint {
  return { kind: "unix", url: `unix://${path}`, path };
}
