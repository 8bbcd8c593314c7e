/** Files that dockerd's flags and its configuration file name. */
import type { DaemonData } from "./model.ts";

export interface DaemonPaths {
  /** Unix sockets that it serves its API on. */
  readonly sockets: readonly string[];
  /** The key of its TLS certificate. */
  readonly keys: readonly string[];
  /** Certificates, and the socket of a containerd that is not its own. */
  readonly others: readonly string[];
}

const UNIX = "unix://";

/** Absolute paths only; a file that is no JSON names none, which its own checks tell. */
export function listDaemonPaths({ commandLine, configFile }: Pick<DaemonData, "commandLine" | "configFile">): DaemonPaths {
  const config = parseConfig(configFile.text);
  const words = commandLine ?? [];
  const find = (key: string, flag: string, short?: string): string[] =>
    [...textsOf(config[key]), ...valuesOfFlag(words, `--${flag}`), ...(short === undefined ? [] : valuesOfFlag(words, short))];
  const sockets = find("hosts", "host", "-H").filter((host) => host.startsWith(UNIX)).map((host) => host.slice(UNIX.length));
  return {
    sockets: keepAbsolute(sockets),
    keys: keepAbsolute(find("tlskey", "tlskey")),
    others: keepAbsolute([...find("tlscacert", "tlscacert"), ...find("tlscert", "tlscert"), ...find("containerd", "containerd")]),
  };
}

function parseConfig(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function textsOf(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === "string");
}

/** `--flag=VALUE`, `--flag VALUE`, and of a short one `-HVALUE` too (pflag). */
function valuesOfFlag(words: readonly string[], flag: string): string[] {
  const isShort = !flag.startsWith("--");
  return words.flatMap((word, index) => {
    if (word === flag) return [words[index + 1] ?? ""];
    if (word.startsWith(`${flag}=`)) return [word.slice(flag.length + 1)];
    return isShort && word.startsWith(flag) ? [word.slice(flag.length)] : [];
  });
}

function keepAbsolute(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter((path) => path.startsWith("/"));
}
