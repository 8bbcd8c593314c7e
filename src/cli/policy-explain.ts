/** The page of `harden policy explain`. */
import { HardenError } from "../errors.ts";
import type { Example, Policy, Reference } from "../policy/model/policy.ts";
import type { Profile } from "../policy/model/settings.ts";
import { describeCondition } from "../policy/describe-condition.ts";
import { fillRemediation } from "../policy/fill-remediation.ts";
import { includesPolicy } from "../policy/profile.ts";
import { describeUnknownPolicy } from "../policy/parameters.ts";
import { sayScopes } from "../policy/concerns.ts";
import { WAIVER_CHECKS } from "../policy/waive.ts";
import { printable, WIDTH, wrapIndented } from "./wrap.ts";

/** Everything that a reader of a finding needs. Throws HardenError for an id that no policy has. */
export function explainPolicy(id: string, policies: readonly Policy[], profiles: readonly Profile[]): string {
  const policy = policies.find((candidate) => candidate.id === id);
  if (policy !== undefined) return print(listSections(policy, profiles), policy);
  const check = Object.values(WAIVER_CHECKS).find((candidate) => candidate.id === id);
  if (check !== undefined) return print([["Why", [indent(check.rationale)]], ["How to fix", [indent(check.text)]]], check);
  const ids = [...policies.map((candidate) => candidate.id), ...Object.values(WAIVER_CHECKS).map((candidate) => candidate.id)];
  const { message, hint } = describeUnknownPolicy(id, ids);
  throw new HardenError(message, { hint });
}

type Section = readonly [title: string, lines: readonly string[]];

function print(sections: readonly Section[], { id, title, severity }: { id: string; title: string; severity: string }): string {
  const blocks = sections.filter(([, lines]) => lines.length > 0).map(([name, lines]) => `${name}\n${lines.join("\n")}`);
  return printable(`${[`${id} (${severity})\n${wrapIndented(title, "")}`, ...blocks].join("\n\n")}\n`);
}

function listSections(policy: Policy, profiles: readonly Profile[]): Section[] {
  const { when, each, escalate = [], examples } = policy;
  return [
    ["What is judged", [indent(describeSubject(policy))]],
    ["Why", [indent(policy.rationale)]],
    ["How to fix", [indent(fillRemediation(policy.remediation, defaultsOf(policy)).text), ...describeFix(policy), ...(policy.inPod === undefined ? [] : [indent(`In a Kubernetes pod: ${policy.inPod}`)])]],
    ["Applies when", when === undefined ? [] : lay(describeCondition(when))],
    [each === undefined ? "At fault when" : `At fault is each element of ${each.join(", ")} of which`, lay(describeCondition(policy.fail))],
    ...escalate.map(({ when: step, severity }): Section => [`${severity}, not ${policy.severity}, when`, lay(describeCondition(step))]),
    ["Parameters", describeParameters(policy, profiles)],
    ["Profiles", [indent(describeProfiles(policy, profiles))]],
    ["References", policy.references.map((reference) => indent(describeReference(reference)))],
    ["Examples at fault", describeExamples(examples.fail)],
    ["Examples not at fault", describeExamples(examples.pass)],
  ];
}

/** What `harden check` can do about it by itself. */
function describeFix({ remediation, on }: Policy): string[] {
  const fix = "fix" in remediation ? remediation.fix : "set" in remediation && Object.keys(remediation.set).length > 0 ? remediation : null;
  if (fix === null || on?.includes("check") === false) return [];
  const { safe } = fix;
  if (safe === undefined) return [indent("In a file `harden check --fix --unsafe` does it; it may break what runs.")];
  return [indent(safe === true ? "In a file `harden check --fix` does it." : `In a file \`harden check --fix\` does it where only ${safe.join(", ")} changes, else with --unsafe.`)];
}

function defaultsOf({ parameters = {} }: Policy): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, { default: value }]) => [name, value]));
}

function describeSubject({ target, names, scopes, on }: Policy): string {
  const which = `${names === undefined ? "" : ` named ${names.join(", ")}`}${sayScopes(scopes)}`;
  const where = on?.length === 1 ? (on[0] === "live" ? ", on a live host only" : ", in files only") : "";
  return `every ${target}${which}${where}`;
}

function describeParameters({ id, parameters = {} }: Policy, profiles: readonly Profile[]): string[] {
  return Object.entries(parameters).flatMap(([name, parameter]) => [
    wrapIndented(`${name}: ${parameter.description}`, "    ", "  "),
    wrapIndented(`default: ${printValue(parameter.default)}`, "      ", "    "),
    ...profiles.flatMap((profile) => {
      const value = profile.parameters?.[id]?.[name];
      return value === undefined ? [] : [wrapIndented(`${profile.name}: ${printValue(value)}`, "      ", "    ")];
    }),
  ]);
}

function describeProfiles(policy: Policy, profiles: readonly Profile[]): string {
  const names = profiles.filter((profile) => includesPolicy(profile, policy)).map((profile) => profile.name);
  return names.join(", ");
}

const REFERENCE_WORDS: Readonly<Record<Reference["type"], string>> = {
  "cis-docker": "CIS Docker Benchmark ", cwe: "", attack: "MITRE ATT&CK ", handbook: "Handbook, ", url: "",
};

function describeReference({ type, id }: Reference): string {
  return `${REFERENCE_WORDS[type]}${id}`;
}

function describeExamples(examples: readonly Example[]): string[] {
  return examples.map(({ resource, parameters, severity }) => {
    const notes = [severity === undefined ? [] : [severity], parameters === undefined ? [] : [`with ${printFlow(parameters)}`]].flat();
    return wrapIndented(`${printFlow(resource)}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`, "    ", "  ");
  });
}

/** As in YAML's flow style, which breaks better than JSON. */
function printFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printFlow).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${printFlow(inner)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function printValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "(empty)" : value.map(String).join(", ");
  return String(value);
}

function indent(text: string): string {
  return wrapIndented(text, "  ");
}

/** Lines that are indented by their depth; one that is too long goes on below itself. */
function lay(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const depth = line.length - line.trimStart().length + 2;
    if (line.length + 2 <= WIDTH) return `  ${line}`;
    return wrapIndented(line, " ".repeat(depth + 4), " ".repeat(depth));
  });
}
