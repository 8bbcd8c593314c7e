/** Steps of a plan as what is to be done, in order. */
import type { Plan, Step } from "../model.ts";
import { draftContainers } from "./container.ts";
import { draftDaemon } from "./daemon.ts";
import { draftIptables } from "./iptables.ts";
import { draftPersistence } from "./link.ts";
import { draftModes } from "./mode.ts";
import type { Draft } from "./model.ts";
import { draftNft } from "./nft.ts";
import { draftSysctls } from "./sysctl.ts";

/** What is tried first stands first; what is kept comes after all of it, in the order of the steps. `allowRestart`: whether engines may be restarted. */
export function compilePlan({ steps }: Pick<Plan, "steps">, allowRestart: boolean): Draft[] {
  const drafts = [...steps.flatMap(compileStep), ...draftDaemon(steps.filter((step) => step.kind === "daemon"), allowRestart)];
  return [...drafts.filter(({ phase }) => phase === "try"), ...drafts.filter(({ phase }) => phase === "keep")];
}

function compileStep(step: Step): Draft[] {
  switch (step.kind) {
    case "iptables":
      return draftIptables(step);
    case "nft":
      return draftNft(step);
    case "sysctl":
      return draftSysctls(step);
    case "persistence":
      return draftPersistence(step);
    case "containers":
      return draftContainers(step);
    case "modes":
      return draftModes(step);
    case "daemon":
      // All of them are one change of one file.
      return [];
  }
}
