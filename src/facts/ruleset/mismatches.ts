/** Rules that name a published port behind its translation. */
import { findMismatchedPorts, type TranslatedPort } from "../../netfilter/index.ts";
import type { Port } from "../model/port.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Part } from "../part.ts";
import type { Derived, Place } from "../resource.ts";
import type { Family, ReadDumps } from "./read-dumps.ts";

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

export function findPortMismatches(family: Family, { files, unread }: ReadDumps, { resources, source }: Derived<Port>): Part<Pick<Ruleset, "portMismatches">> {
  const ports = resources.filter((port) => port.family === family).flatMap(({ protocol, hostPort, containerPort }): TranslatedPort[] => {
    const number = PROTOCOLS[protocol];
    return hostPort === null || number === undefined ? [] : [{ protocol: number, hostPort, containerPort }];
  });
  const origins: Record<string, Place> = {};
  const portMismatches = files.flatMap(({ dump, file }) => findMismatchedPorts(file, ports).map(({ rule, port }) => ({ dump, rule, port }))).map(({ dump, rule, port }, index) => {
    origins[`/portMismatches/${index}`] = { source: "iptables", key: `${dump.program} line ${rule.line}` };
    return { key: `${rule.table} ${rule.text}`, rule: rule.text, hostPort: port.hostPort, containerPort: port.containerPort };
  });
  const unknown = unread ?? (source.status === "ok" ? null : (source.detail ?? source.status));
  return { value: { portMismatches }, origins, unknown: unknown === null ? {} : { "/portMismatches": unknown } };
}
