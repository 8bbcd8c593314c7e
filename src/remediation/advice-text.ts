/** by-hand.md: what the scripts leave to a person, and why. */
import { escapeInvisible } from "../text.ts";
import type { Advice, Finding, Omitted, Plan } from "./model.ts";

export function renderAdvice(plan: Plan): string {
  const sections = [
    `# ${clean(plan.host)}: to be done by hand\n`,
    ...(plan.omitted.length === 0 ? [] : ["## Left out of the scripts\n", plan.omitted.map(renderOmitted).join("")]),
    ...plan.advice.map(renderResource),
  ];
  return sections.join("\n");
}

function renderOmitted({ what, reason, findings }: Omitted): string {
  return `- **${clean(what)}**: ${clean(reason)} (${[...new Set(findings.map(({ policy }) => policy))].join(", ")})\n`;
}

function renderResource({ resource, items }: Advice): string {
  const lines = items.map(({ message, text, finding }) => `- ${label(finding)}: ${clean(message)}\n  ${clean(text)}\n`);
  return `## ${resource.kind} ${clean(resource.id ?? "")}\n\n${lines.join("")}`;
}

function label({ policy, severity }: Finding): string {
  return `**${severity}** ${policy}`;
}

/** Names come from the audited host: no line breaks, no Markdown and no HTML of theirs. Code spans of our own texts stay readable. */
function clean(text: string): string {
  return escapeInvisible(text).replace(/[\\*_[\]<>#|~!]/g, "\\$&");
}
