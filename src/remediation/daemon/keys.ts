/** What is known of single keys of daemon.json: when they must not be set, what setting them does, and what has to be restarted. */
import type { Daemon } from "../../facts/model/daemon.ts";
import { textAt } from "../../facts/raw.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { listProxied } from "./proxied.ts";

/** Why a key cannot be set in the file here; null if nothing is known against it. */
export function findKeyObstacle(key: string, daemon: Daemon | undefined, snapshot: Snapshot): string | null {
  const flag = findFlag(key, snapshot.sources.daemon.data?.commandLine ?? []);
  if (flag !== null) return `dockerd is started with ${flag}, and does not start with a key given both ways: change the flag in the unit`;
  if (key === "live-restore" && textAt(snapshot.sources.engine.data?.info, "Swarm", "LocalNodeState") === "active") {
    return "an engine in swarm mode does not start with it";
  }
  if (key === "ip6tables" && daemon?.experimental !== true && majorOf(daemon?.version) < FIRST_STABLE_IP6TABLES) {
    return "before engine 27 it needs experimental features, without which the engine does not start";
  }
  return key === "userland-proxy" ? findVisitors(snapshot) : null;
}

/** A plan does not shut out who visits a published port. */
function findVisitors(snapshot: Snapshot): string | null {
  if (snapshot.sources.containers.status !== "ok") return "visitors over IPv6 may need the proxy, and the containers could not be asked";
  const names = listProxied(snapshot);
  return names.length === 0 ? null : `visitors over IPv6 reach ${names.join(", ")} by the proxy alone: a network with IPv6 addresses has to come first, or bindings to IPv4 addresses`;
}

/** What a person should know of a key before it is in force. */
export function describeKey(key: string): string | null {
  return EFFECTS.get(key) ?? null;
}

/** Whether a reload (SIGHUP) puts the key in force; everything else waits for a restart. */
export function isReloadable(key: string): boolean {
  return RELOADABLE.has(key);
}

/**
 * What has to stand in the file for a reload to take the key back where it was not there before; undefined where its absence does. A reload leaves
 * most options that the file does not name as they run (IsValueSet in moby's daemon/reload.go).
 */
export function valueWithout(key: string): unknown {
  return RELOADABLE.get(key);
}

const EFFECTS: ReadonlyMap<string, string> = new Map([
  ["userns-remap", "userns-remap: existing images and containers are hidden until the key is removed; files in volumes keep their owners and may become unreadable to containers"],
  ["icc", "icc: containers on the default bridge no longer reach each other, except by published ports and links"],
  ["no-new-privileges", "no-new-privileges: programs that gain rights when executed (sudo, su, ping with file capabilities) stop working in containers created from then on"],
  ["userland-proxy", "userland-proxy: published ports are reached by translation alone; the engine sets route_localnet on its bridges, and IPv6 clients no longer reach containers without an IPv6 address"],
  ["log-driver", "log-driver: holds for containers created from then on"],
  ["log-opts", "log-opts: hold for containers created from then on"],
  ["default-ulimits", "default-ulimits: hold for containers created from then on"],
]);

/** With the engine's own value of each; the same from 20.10 to 29 (moby's daemon/reload.go, reload_unix.go and reloadConfig of its command). */
const RELOADABLE: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["authorization-plugins", undefined],
  ["debug", false],
  ["default-ipc-mode", "private"],
  ["default-runtime", "runc"],
  ["default-shm-size", "64M"],
  ["features", undefined],
  ["insecure-registries", []],
  ["labels", []],
  ["live-restore", false],
  ["max-concurrent-downloads", undefined],
  ["max-concurrent-uploads", undefined],
  ["max-download-attempts", undefined],
  ["registry-mirrors", []],
  ["runtimes", {}],
  ["shutdown-timeout", 15],
]);

const FIRST_STABLE_IP6TABLES = 27;

/** Flags whose name is not the key's (cmd/dockerd/config.go: list options are named in the plural in the file). */
const FLAG_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ["log-opts", ["log-opt"]],
  ["default-ulimits", ["default-ulimit"]],
  ["insecure-registries", ["insecure-registry"]],
  ["registry-mirrors", ["registry-mirror"]],
  ["authorization-plugins", ["authorization-plugin"]],
  ["hosts", ["host", "H"]],
  ["storage-driver", ["storage-driver", "s"]],
  ["storage-opts", ["storage-opt"]],
  ["log-level", ["log-level", "l"]],
  ["debug", ["debug", "D"]],
  ["group", ["group", "G"]],
]);

function findFlag(key: string, words: readonly string[]): string | null {
  const names = (FLAG_NAMES.get(key) ?? [key]).map((name) => (name.length === 1 ? `-${name}` : `--${name}`));
  return words.find((word) => names.some((name) => word === name || word.startsWith(`${name}=`))) ?? null;
}

/** A version that cannot be read counts as old: leaving a key out does no harm. */
function majorOf(version: string | null | undefined): number {
  return Number(/^v?(\d+)\./.exec(version ?? "")?.[1] ?? 0);
}
