/** Derived facts for tests of the plan, as kinds. */
import { UNASKED } from "../../src/facts/exposure/unasked.ts";
import type { Port } from "../../src/facts/model/port.ts";
import type { Ruleset } from "../../src/facts/model/ruleset.ts";
import type { Sysctl } from "../../src/facts/model/sysctl.ts";
import type { Resource } from "../../src/facts/resource.ts";
import type { DerivedKinds } from "../../src/policy/evaluate.ts";
import type { DaemonData } from "../../src/snapshot/model.ts";

/** An engine with neither flags nor a file. */
export const DAEMON: DaemonData = {
  pid: 100, commandLine: ["/usr/sbin/dockerd"], startedAt: 0, rootless: false, units: [], listeners: [],
  configFile: { path: "/etc/docker/daemon.json", explicit: false, text: null, error: "ENOENT", modifiedAt: null },
};

export function kindsOf(...resources: readonly Resource[]): DerivedKinds {
  const kinds = new Set(resources.map(({ kind }) => kind));
  return Object.fromEntries([...kinds].map((kind) => [kind, {
    resources: resources.filter((resource) => resource.kind === kind), source: { status: "ok", detail: null },
  }]));
}

export function portOf(family: "v4" | "v6", loopback = false): Port {
  return {
    kind: "port", id: `${family} any:8080/tcp → web:80`, name: "8080/tcp", origins: {}, unknown: {}, family, protocol: "tcp", hostIp: "", hostPort: 8080,
    container: "web", containerPort: 80, loopback, ...UNASKED,
  };
}

export function rulesetOf(family: "v4" | "v6", changes: Partial<Ruleset> & { reached?: boolean } = {}): Ruleset {
  const { reached = true, ...rest } = changes;
  return {
    kind: "ruleset", id: family, name: family, origins: {}, unknown: {}, backend: "nft", podman: false, containerTraffic: true,
    dockerUser: { exists: reached, reached, substitute: false, empty: true, reason: null },
    publishesBeyondLoopback: true, unsaved: [], savedDrift: [], conflict: null, unfilteredBridges: [], portMismatches: [], egressLimits: [], droppedAnswers: [], unanalysable: [], deadRules: [], shadowedRules: [], logsDrops: false, logRate: null, ...rest,
  };
}

export function sysctlOf(key: string, value: string | null, changes: Partial<Sysctl> = {}): Sysctl {
  const number = value === null ? null : Number(value);
  return {
    kind: "sysctl", id: `host:${key}`, name: key, origins: {}, unknown: {}, scope: "host", exists: value !== null, value, number,
    boot: null, bootNumber: null, bootObstacle: null, entriesPerBucket: null, bootEntriesPerBucket: null,
    lowest: null, highest: null, lowestOn: [], highestOn: [], words: String(value), suggestion: null, drift: false, strange: false, improved: false, remapped: false, ...changes,
  };
}
