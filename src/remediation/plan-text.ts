/** plan.md: the plan for a person to read, then what the scripts leave to that person, and why. */
import { plain, prose } from "./markdown.ts";
import { nameBootFile } from "./boot-files.ts";
import type { Advice, Finding, Omitted, Plan, Proof, Step } from "./model.ts";
import { describeProof } from "./proof/words.ts";

export function renderPlanText(plan: Plan): string {
  const sections = [
    `# Plan for ${plain(plan.host)}\n\nMade from what was found at ${plain(plan.collectedAt)}. ${describeUse(plan)}\n`,
    ...plan.steps.map((step, index) => renderStep(step, index + 1)),
    ...(plan.proof === undefined ? [] : [renderProof(plan.proof)]),
    ...(plan.omitted.length === 0 ? [] : [`## Left out\n\n${plan.omitted.map(renderOmitted).join("")}`]),
    ...(plan.advice.length === 0 ? [] : [`## To be done by hand\n\n${plan.advice.map(renderResource).join("\n")}`]),
  ];
  return sections.join("\n");
}

function describeUse({ steps }: Plan): string {
  if (steps.length === 0) return "There is nothing that a script could put right.";
  return "`apply.sh` does what follows, `apply.sh firewall`, `apply.sh boot`, `apply.sh sysctl`, `apply.sh daemon`, `apply.sh modes` and `apply.sh containers` a part of it; `rollback.sh` goes back.";
}

function renderStep(step: Step, number: number): string {
  const consent = step.kind === "daemon" && step.consent !== null ? [`Only when asked for by name, \`apply.sh userns-remap\`: ${step.consent}.`] : [];
  const lines = [
    ...describeChanges(step),
    ...step.notes.map(prose),
    ...consent.map(prose),
    ...(step.restart === null ? [] : [`To be in force: ${plain(step.restart)}.`]),
    `Undone: ${plain(step.undo)}.`,
    `For: ${listPolicies(step.findings)}.`,
  ];
  return `## ${number}. ${plain(step.title)}\n\n${lines.map((line) => `- ${line}\n`).join("")}`;
}

function describeChanges(step: Step): string[] {
  switch (step.kind) {
    case "iptables":
      return [`${step.family === "v4" ? "docker-user.rules" : "docker-user6.rules"}, for ${step.program}-restore --noflush; ${step.before === null ? "nothing of it is there now" : "replaces the chains that are there now"}`];
    case "nft":
      return [`harden.nft, for nft -f; ${step.before.length === 0 ? "nothing of it is there now" : `replaces the tables for ${step.before.join(" and ")} that are there now`}`];
    case "persistence":
      return [
        ...step.files.map(({ path, before }) => `${plain(path)}: ${nameBootFile(path)}${before === null ? "" : ", in place of the one that is there"}`),
        ...step.links.map(({ path, target }) => `${plain(path)} → ${plain(target)}`),
      ];
    case "sysctl":
      return [
        ...step.changes.map(({ key, before, after, boot }) => `${plain(key)}: ${plain(before ?? "not there")} → ${plain(after)} (boot files: ${plain(boot ?? "none")})`),
        `${plain(step.file.path)}: sysctl.conf`,
        ...(step.modules === null ? [] : [`${plain(step.modules.path)}: modules-load.conf`]),
      ];
    case "containers":
      return step.changes.map(({ name, setting, before, after }) => `${plain(name)}: ${setting} ${before} → ${after}`);
    case "modes":
      return step.changes.map(({ path, before, after }) => `${plain(path)}: ${before} → ${after}`);
    case "daemon":
      return step.changes.map(({ key, before, after }) => `${plain(key)}: ${plain(before ?? "not set")} → ${plain(after)}`);
  }
}

/** Of rules and packets, which are names and texts of the host, as code. */
function renderProof(proof: Proof): string {
  const sections = describeProof(proof).map(({ heading, lines }) => `### ${heading}\n\n${lines.map((line) => `- ${plain(line)}\n`).join("")}`);
  return `## What this changes, judged from the rules as they would be\n\n${sections.join("\n")}`;
}

function renderOmitted({ what, reason, findings }: Omitted): string {
  return `- **${plain(what)}**: ${plain(reason)} (${listPolicies(findings)})\n`;
}

function renderResource({ resource, items }: Advice): string {
  const lines = items.map(({ message, text, finding }) => `- **${finding.severity}** ${finding.policy}: ${plain(message)}\n  ${prose(text)}\n`);
  return `### ${resource.kind} ${plain(resource.id ?? "")}\n\n${lines.join("")}`;
}

function listPolicies(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ policy }) => policy))].join(", ");
}
