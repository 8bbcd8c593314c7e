/** DOCKER-USER in whichever back end Docker writes to. */
import { findDockerUser, findOwners, type DockerUser, type Reach } from "../../netfilter/index.ts";
import type { Place } from "../resource.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { ReadDump, ReadDumps } from "./read-dumps.ts";

export type DockerUserFacts = Omit<Ruleset["dockerUser"], "substitute">;

export interface DockerUserAnswer {
  readonly facts: DockerUserFacts;
  readonly backend: string | null;
  readonly origin: Place | null;
  /** Why nothing can be said; null when it can. */
  readonly unknown: string | null;
}

/** Of two back ends that which holds Docker's rules; a chain that an earlier engine left behind in the other one is not read. */
export function judgeDockerUser({ files, unread, unseen }: ReadDumps): DockerUserAnswer {
  const [chosen] = [...files].sort((a, b) => countDockers(b) - countDockers(a));
  if (chosen === undefined) return { facts: { exists: false, reached: false, empty: false, reason: unread === null ? NO_CHAIN : null }, backend: null, origin: null, unknown: unread };
  const { dump, file } = chosen;
  const found = findDockerUser(file);
  const line = "line" in found && found.line !== null ? ` line ${found.line}` : "";
  return {
    facts: toFacts(found),
    backend: dump.backend,
    origin: { source: "iptables", key: `${dump.program}${line}` },
    unknown: unread ?? whyUnknown(found, dump.program) ?? (unseen === null || countDockers(chosen) > 0 ? null : `${unseen} is not installed, and Docker's rules are in nothing that was read`),
  };
}

const NO_CHAIN = "there is no chain DOCKER-USER";

function countDockers({ file }: ReadDump): number {
  return [...findOwners(file).values()].filter((owner) => owner === "docker").length;
}

function toFacts(found: DockerUser): DockerUserFacts {
  if (found.status !== "present") return { exists: false, reached: false, empty: false, reason: NO_CHAIN };
  const reached = found.reach.status === "before-docker";
  return { exists: true, reached, empty: found.effective.length === 0, reason: reached ? null : describeReach(found.reach) };
}

function describeReach(reach: Reach): string {
  switch (reach.status) {
    case "before-docker":
      return "it is reached";
    case "conditional":
      return `only some packets are sent to DOCKER-USER (line ${reach.via[0]?.line ?? "?"})`;
    case "behind-docker":
      return `Docker accepts (line ${reach.docker.line}) before DOCKER-USER is reached`;
    case "unreached":
      return reach.because === null ? "nothing jumps to DOCKER-USER" : `line ${reach.because.line} ends every packet's way before DOCKER-USER`;
    case "unknown":
      return `what line ${reach.because.line} does before DOCKER-USER is not known`;
  }
}

function whyUnknown(found: DockerUser, program: string): string | null {
  if (found.status === "unprinted") return `${program} line ${found.line}: the filter table holds native nftables rules, which it does not print`;
  if (found.status === "present" && found.reach.status === "unknown") return `${program}: ${describeReach(found.reach)}`;
  return null;
}
