/** dockerd's flags as its parser reads them (spf13/pflag). */
import type { Place } from "../resource.ts";

export interface FlagValue {
  readonly text: string;
  readonly place: Place;
}

/** Values by long name without dashes, in order; most flags count with their last one, lists with all. */
export type Flags = ReadonlyMap<string, readonly FlagValue[]>;

export interface FlagWord {
  readonly text: string;
  /** Where the word stands; a flag's own word gives the place of its value. Null for a running process. */
  readonly place: Place | null;
}

/** Flags that stand alone, of dockerd 20.10 to 29: their value can only be given with `=`. */
const BOOLEAN_FLAGS = new Set([
  "allow-direct-routing", "cri-containerd", "debug", "disable-legacy-registry", "experimental", "help", "icc", "init", "ip-forward", "ip-forward-no-drop",
  "ip-masq", "ip6tables", "iptables", "ipv6", "live-restore", "no-new-privileges", "raw-logs", "rootless", "selinux-enabled", "tls", "tlsverify",
  "userland-proxy", "validate", "version",
]);

const SHORT_FLAGS: Readonly<Record<string, string>> = {
  b: "bridge", D: "debug", g: "data-root", G: "group", H: "host", l: "log-level", p: "pidfile", s: "storage-driver", v: "version",
};

/** The words after the program's name. What stands alone is no flag; dockerd refuses it. */
export function parseFlags(words: readonly FlagWord[]): Flags {
  const flags = new Map<string, FlagValue[]>();
  const add = (name: string, text: string, place: Place | null): void => {
    const value = { text, place: place ?? { source: "daemon", key: `--${name}` } };
    flags.set(name, [...(flags.get(name) ?? []), value]);
  };
  for (let index = 0; index < words.length; index++) {
    const { text: word, place } = words[index] ?? { text: "", place: null };
    if (word === "--") break;
    const { name, value, rest } = readFlag(word);
    for (const alone of rest) add(alone, "true", place);
    if (name === null) continue;
    if (value !== null) add(name, value, place);
    else if (BOOLEAN_FLAGS.has(name)) add(name, "true", place);
    else add(name, words[++index]?.text ?? "", place);
  }
  return flags;
}

interface ReadFlag {
  readonly name: string | null;
  /** Given in the same word. */
  readonly value: string | null;
  /** Names of boolean short flags before it in the word. */
  readonly rest: readonly string[];
}

function readFlag(word: string): ReadFlag {
  const [, name = null, value = null] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  return name !== null || !/^-[A-Za-z]/.test(word) ? { name, value, rest: [] } : readShortFlags(word.slice(1));
}

/** `-DHtcp://x` is -D and -H tcp://x; an equals sign after the letter is not part of the value. */
function readShortFlags(letters: string): ReadFlag {
  const rest: string[] = [];
  for (let index = 0; index < letters.length; index++) {
    const name = SHORT_FLAGS[letters.charAt(index)] ?? letters.charAt(index);
    const after = letters.slice(index + 1);
    if (after.startsWith("=")) return { name, value: after.slice(1), rest };
    if (!BOOLEAN_FLAGS.has(name)) return { name, value: after === "" ? null : after, rest };
    rest.push(name);
  }
  return { name: null, value: null, rest };
}
