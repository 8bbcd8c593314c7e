/** Links, addresses, routes and sysctls from files, each told by its content. */
import { HardenError } from "../../errors.ts";
import { joinNetwork, NetworkError, type NetworkState, parseNetworkPart } from "../../netfilter/index.ts";
import { toSysctlKey, toSysctlPath } from "../../snapshot/sysctl-key.ts";
import { readSource } from "../check/read.ts";

/** Throws HardenError with the place in the file. Without any sysctl those of a container host are assumed (netfilter/network/model.ts). */
export async function readNetworkFiles(paths: readonly string[]): Promise<NetworkState> {
  const parts = [];
  const sysctls: Record<string, string> = {};
  for (const path of paths) {
    const text = await readSource(path);
    const name = path === "-" ? "standard input" : path;
    if (isSysctls(text)) Object.assign(sysctls, readSysctls(text, name));
    else parts.push(inFile(name, () => parseNetworkPart(text)));
  }
  return joinNetwork(parts, Object.keys(sysctls).length === 0 ? null : sysctls);
}

function isSysctls(text: string): boolean {
  return /^\s*[a-z][\w./-]*\s*=/.test(text);
}

/** What `sysctl -a` prints: `net.ipv4.ip_forward = 1`. */
function readSysctls(text: string, file: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [, key, value] = /^\s*(\S+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined || value === undefined) throw new HardenError("expected KEY = VALUE, as sysctl prints", { position: { file, line: index + 1, column: 1 } });
    values[toSysctlKey(toSysctlPath(key))] = value;
  }
  return values;
}

function inFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new HardenError(error.message, { position: { file, line: error.line ?? 1, column: error.column ?? 1 }, cause: error });
  }
}
