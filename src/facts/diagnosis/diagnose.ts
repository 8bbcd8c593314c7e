/** The diagnosis of one container: every layer from the cable up, then one cause. */
import { textAt } from "../raw.ts";
import { judgeApplication } from "./application.ts";
import { speakOf } from "./client.ts";
import { judgeConntrack } from "./conntrack.ts";
import { judgeLink } from "./link.ts";
import { fault, ok, unknown, type DiagnosisSubject, type Finding } from "./model.ts";
import { judgeNames } from "./names.ts";
import { judgePorts } from "./ports.ts";
import { judgeAddresses, judgeRoutes } from "./route.ts";

export interface Diagnosis {
  readonly container: string;
  readonly findings: readonly Finding[];
  /** The lowest layer's fault: what stands above may be no more than its effect. */
  readonly cause: Finding | null;
  /** fault: cause found. none: every layer was seen and is sound. undetermined: no fault, and something was not seen. */
  readonly outcome: "fault" | "none" | "undetermined";
}

export function diagnose(subject: DiagnosisSubject): Diagnosis {
  const findings = listFindings(subject).map(speakOf(subject.snapshot));
  const cause = findings.find(({ status }) => status === "fault") ?? null;
  const unseen = findings.some(({ status }) => status === "unknown");
  return { container: subject.container.name, findings, cause, outcome: cause !== null ? "fault" : unseen ? "undetermined" : "none" };
}

/** Of a container that does not run nothing further can be seen. */
function listFindings(subject: DiagnosisSubject): Finding[] {
  const state = judgeState(subject);
  if (state.status !== "ok") return [state];
  return [
    state, ...judgeLink(subject), ...judgeAddresses(subject), ...judgeRoutes(subject), ...judgePorts(subject), ...judgeConntrack(subject),
    ...judgeNames(subject), ...judgeApplication(subject),
  ];
}

function judgeState({ container: { name, inspect, error } }: DiagnosisSubject): Finding {
  if (inspect === null) return unknown("container", `the engine does not tell of it: ${error ?? "no answer"}`);
  const status = textAt(inspect, "State", "Status") ?? "unknown";
  if (status === "running") return ok("container", "the container runs");
  if (status === "paused") return fault("container", "the container is paused", `docker unpause ${name}`);
  if (status === "created") return fault("container", "the container was never started", `docker start ${name}`);
  return fault("container", `the container does not run: it is ${status}`, status === "restarting" ? `docker logs --tail 50 ${name}` : `docker start ${name}   # and why it ended: docker logs --tail 50 ${name}`);
}
