/** The page of one policy. */
import { stringify } from "yaml";
import { sayScopes } from "../../src/policy/concerns.ts";
import { describeCondition } from "../../src/policy/describe-condition.ts";
import { fillRemediation } from "../../src/policy/fill-remediation.ts";
import type { Example, Policy, Reference } from "../../src/policy/model/policy.ts";
import type { Profile } from "../../src/policy/model/settings.ts";
import { includesPolicy } from "../../src/policy/profile.ts";

/** Markdown. `ways` are those to find it by hand. */
export function printPage(policy: Policy, profiles: readonly Profile[], ways: readonly string[]): string {
  const { id, title, severity, target, on, names, scopes, when, each, fail, escalate = [], parameters = {}, references, rationale, examples } = policy;
  const where = on?.length === 1 ? (on[0] === "live" ? "on a live host or its snapshot" : "in files") : "in files and on a live host";
  const values = Object.fromEntries(Object.entries(parameters).map(([name, { default: value }]) => [name, value]));
  const blocks = [
    `# ${id}`,
    `${escape(title)}.`,
    `Severity **${severity}**; judges every ${target}${names === undefined ? "" : ` named ${names.map((name) => `\`${name}\``).join(", ")}`}${sayScopes(scopes)}, ${where}. Profiles: ${
      profiles.filter((profile) => includesPolicy(profile, policy)).map(({ name }) => name).join(", ")}.`,
    "## Why",
    escape(rationale),
    "## How to find it by hand",
    ways.map((way) => `- ${escape(way)}`).join("\n"),
    "## How to fix it",
    escape(fillRemediation(policy.remediation, values).text),
    ...(policy.inPod === undefined ? [] : [`In a Kubernetes pod: ${escape(policy.inPod)}`]),
    "## When it is at fault",
    ...(when === undefined ? [] : ["It applies when", fence(describeCondition(when).join("\n"), "text")]),
    each === undefined ? "It is at fault when" : `Each element of ${each.map((list) => `\`${list}\``).join(", ")} is at fault of which`,
    fence(describeCondition(fail).join("\n"), "text"),
    ...escalate.flatMap((step) => [`It is ${step.severity} when`, fence(describeCondition(step.when).join("\n"), "text")]),
    ...(Object.keys(parameters).length === 0 ? [] : ["## Parameters", printParameters(policy, profiles)]),
    "## Examples",
    "Of a resource only what matters here; `harden policy test` runs them all.",
    "At fault:",
    fence(printExamples(examples.fail), "yaml"),
    "Not at fault:",
    fence(printExamples(examples.pass), "yaml"),
    "## References",
    references.map((reference) => `- ${printReference(reference)}`).join("\n"),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function printParameters({ id, parameters = {} }: Policy, profiles: readonly Profile[]): string {
  return Object.entries(parameters).map(([name, { description, default: value }]) => {
    const others = profiles.flatMap((profile) => {
      const own = profile.parameters?.[id]?.[name];
      return own === undefined ? [] : [`; in ${profile.name} \`${JSON.stringify(own)}\``];
    });
    return `- \`${name}\`: ${escape(description)}. By default \`${JSON.stringify(value)}\`${others.join("")}.`;
  }).join("\n");
}

function printExamples(examples: readonly Example[]): string {
  return stringify(examples.map(({ resource, parameters, severity }) => ({ resource, ...(parameters === undefined ? {} : { parameters }), ...(severity === undefined ? {} : { severity }) }))).trimEnd();
}

function printReference({ type, id }: Reference): string {
  switch (type) {
    case "cis-docker": return `[CIS Docker Benchmark ${id}](../cis-docker.md)`;
    case "cwe": return `[${id}](https://cwe.mitre.org/data/definitions/${id.replace("CWE-", "")}.html)`;
    case "attack": return `[MITRE ATT&CK ${id}](https://attack.mitre.org/techniques/${id.replace(".", "/")}/)`;
    case "handbook": return `Handbook, ${escape(id)}`;
    case "url": return `<${id}>`;
  }
}

function fence(text: string, language: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** Outside of code an angle bracket would begin HTML, and a star or underscore between blanks emphasis. */
export function escape(text: string): string {
  return text.split("`").map((part, index) => (index % 2 === 0 ? part.replace(/[<*]/g, (character) => `\\${character}`) : part)).join("`");
}
