/** Where the API is served and from where images come: addresses of daemon.json and flags, and whether they stay on this machine. */
import { addressScope } from "../addresses.ts";
import type { Daemon } from "../model/daemon.ts";

export function describeHost(host: string): Daemon["hosts"][number] {
  const url = normalizeHost(host);
  return { key: host, url, tcp: url.startsWith("tcp://"), loopback: isLoopback(url) };
}

/** A host with or without port and scheme, or a network in CIDR notation. */
export function describeRegistry(registry: string): Daemon["insecureRegistries"][number] {
  const [, network, prefix] = /^([0-9a-fA-F.:]+)\/(\d+)$/.exec(registry) ?? [];
  if (network === undefined) return { key: registry, registry, loopback: isLoopback(registry) };
  // A network with fewer fixed bits than the loopback one reaches beyond it.
  return { key: registry, registry, loopback: addressScope(network) === "loopback" && Number(prefix) >= (network.includes(":") ? 128 : 8) };
}

/** dockerd takes mirrors with http and https only. */
export function describeMirror(mirror: string): Daemon["registryMirrors"][number] {
  return { key: mirror, url: mirror, plain: /^http:/i.test(mirror), loopback: isLoopback(mirror) };
}

/** Without a scheme it is tcp, without an address loopback, without anything the default socket (moby, opts/hosts.go). */
function normalizeHost(host: string): string {
  const [, scheme = "tcp", rest = ""] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(host.trim()) ?? [];
  if (scheme === "unix" || host.trim() === "") return `unix://${rest || "/var/run/docker.sock"}`;
  return scheme === "tcp" && (rest === "" || rest.startsWith(":")) ? `tcp://127.0.0.1${rest}` : `${scheme}://${rest}`;
}

/** A name counts as loopback only if it can be nothing else (RFC 6761). */
function isLoopback(address: string): boolean {
  const authority = (address.replace(/^[a-z]+:\/\//i, "").split("/")[0] ?? "").replace(/^.*@/, "");
  const host = /^\[.*\]/.exec(authority)?.[0] ?? (authority.split(":").length > 2 ? authority : (authority.split(":")[0] ?? ""));
  return addressScope(host) === "loopback" || /^(.+\.)?localhost\.?$/i.test(host);
}
