/** The interfaces whose own settings count: a port of a bridge has some, which nothing asks, and a host with many containers has hundreds of ports. */
import type { Answer, DataOf, Raw } from "../snapshot/model.ts";

/** More are not named one by one: a program takes them as one argument. */
const MOST_NAMES = 64;

/** Their names in the engine's network namespace; null where links were not read or names cannot stand in a glob: all are read then. */
export function listOwnInterfaces({ status, data }: Answer<DataOf<"addresses">>): readonly string[] | null {
  if (status !== "ok" || data === null) return null;
  const names = data.links.filter((link) => !isBridgePort(link)).map(({ ifname }) => ifname);
  return names.length <= MOST_NAMES && names.every(isPlain) ? names : null;
}

function isBridgePort({ linkinfo }: Raw): boolean {
  return typeof linkinfo === "object" && linkinfo !== null && "info_slave_kind" in linkinfo && linkinfo.info_slave_kind === "bridge";
}

function isPlain(name: unknown): name is string {
  return typeof name === "string" && /^[\w.@:-]+$/.test(name);
}
