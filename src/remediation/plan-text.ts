/** plan.md: the plan for a person to read, then what the scripts leave to that person, and why. */
import { plain, prose } from "./markdown.ts";
import { nameBootFile } from "./boot-files.ts";
import type { Advice, ComposePatch, Finding, Omitted, Plan, Proof, Recreation, Step } from "./model.ts";
import { describeProof } from "./proof/words.ts";
import { namePatch } from "./compose-patches/name.ts";
import { quoteWord } from "./scripts/shell.ts";

export function renderPlanText(plan: Plan): string {
  const sections = [
    `# Plan for ${plain(plan.host)}\n\nMade from what was found at ${plain(plan.collectedAt)}. ${describeUse(plan)}\n`,
    ...plan.steps.map((step, index) => renderStep(step, index + 1)),
    ...(plan.proof === undefined ? [] : [renderProof(plan.proof)]),
    ...(plan.omitted.length === 0 ? [] : [`## Left out\n\n${plan.omitted.map(renderOmitted).join("")}`]),
    ...(plan.compose === undefined ? [] : [`## Compose projects\n\n${plan.compose.some(({ patch }) => patch !== null) ? PATCH_USE : ""}${plan.compose.map(renderPatch).join("\n")}`]),
    ...(plan.recreate === undefined ? [] : [`## Containers to be made anew\n\nTheir \`docker run\` or \`podman run\`, with and without these options; no script does it.\n\n${plan.recreate.map(renderRecreation).join("\n")}`]),
    ...(plan.advice.length === 0 ? [] : [`## To be done by hand\n\n${plan.advice.map(renderAdvice).join("\n")}`]),
  ];
  return sections.join("\n");
}

const PATCH_USE = "Read a patch before you apply it: what it takes away a service may need. Then `docker compose up -d` makes its containers anew.\n\n";

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

function renderPatch({ project, folder, reason, findings, left }: ComposePatch): string {
  const lines = [
    ...(folder === null ? [] : [prose(`\`patch -p0 -d ${quoteWord(folder)} < ${namePatch(project)}\``)]),
    ...(reason === null ? [] : [`No patch: ${plain(reason)}.`]),
    ...(findings.length === 0 ? [] : [`For: ${listPolicies(findings)}.`]),
    ...left.map(({ finding, reason: why }) => `Not in it: ${finding.policy} of ${plain(finding.resource.id ?? "")}${finding.element === null ? "" : ` (${plain(finding.element)})`}: ${plain(why)}`),
  ];
  return `### ${plain(project)}\n\n${lines.map((line) => `- ${line}\n`).join("")}`;
}

function renderRecreation({ container, pod, add, remove, findings }: Recreation): string {
  const list = (words: readonly string[]): string => words.map((word) => prose(`\`${word}\``)).join(" ");
  const lines = [
    ...(pod === undefined ? [] : [`The pod ${plain(pod)}, by \`podman pod create\`: all its containers go with it.`]),
    ...(add.length === 0 ? [] : [`With ${list(add)}`]),
    ...(remove.length === 0 ? [] : [`Without ${list(remove)}`]),
    `For: ${listPolicies(findings)}.`,
  ];
  return `### ${plain(container)}\n\n${lines.map((line) => `- ${line}\n`).join("")}`;
}

function renderAdvice({ policy, text, items }: Advice): string {
  return `### ${policy}\n\n${prose(text)}\n\n${items.map(({ severity, message }) => `- **${severity}** ${plain(message)}\n`).join("")}`;
}

function listPolicies(findings: readonly Pick<Finding, "policy">[]): string {
  return [...new Set(findings.map(({ policy }) => policy))].join(", ");
}
