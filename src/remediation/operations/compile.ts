/** Steps of a plan as what is to be done, in order. */
import type { Plan, Step } from "../model.ts";
import { draftFile } from "./file.ts";
import { draftIptables } from "./iptables.ts";
import type { Draft } from "./model.ts";
import { draftNft } from "./nft.ts";
import { draftSysctls } from "./sysctl.ts";

/** What is tried first stands first; what is kept comes after all of it, in the order of the steps. */
export function compilePlan({ steps }: Pick<Plan, "steps">): Draft[] {
  const drafts = steps.flatMap(compileStep);
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
      return step.files.map((file) => draftFile(step.id, "keep", file));
    case "daemon":
      return [draftFile(step.id, "keep", step.file)];
  }
}
