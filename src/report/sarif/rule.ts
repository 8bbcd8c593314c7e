/** A policy as a SARIF rule, with all that a reader needs who has nothing but this file. */
import type { ReportingDescriptor } from "sarif";
import type { Reference } from "../../policy/model/policy.ts";
import type { Result } from "../../policy/model/report.ts";
import { cleanTexts } from "../clean.ts";
import type { PolicyText } from "../options.ts";
import { linkOf, nameReference } from "../references.ts";
import { explainOf, pageOf, PAGES } from "./documentation.ts";
import { LEVELS, SECURITY_SEVERITY } from "./levels.ts";

/** `pages`: where harden's own policies are described. `result` is any of the policy's results; it speaks for a policy whose text is not at hand. */
export function describeRule(result: Result, policy: PolicyText | undefined, pages: string | null = PAGES): ReportingDescriptor {
  const { id, title, severity, rationale, references, remediation } = cleanTexts<PolicyTextOfRule>(policy ?? { ...result, id: result.policy, rationale: "" });
  const fix = remediation?.text ?? "";
  const helpUri = pageOf(id, pages) ?? references.map(linkOf).find((link) => link !== null);
  const explain = explainOf(id);
  return {
    id,
    name: id.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(""),
    shortDescription: { text: `${title}.` },
    fullDescription: { text: cutAtSentence(rationale) || `${title}.` },
    help: {
      text: paragraphs([rationale, fix && `How to fix: ${fix}`, references.length > 0 && `References: ${references.map(nameReference).join(", ")}`, explain !== null && `More of it: ${explain}`], title),
      markdown: paragraphs([rationale, fix && `**How to fix:** ${fix}`, references.length > 0 && `**References:** ${references.map(linkReference).join(", ")}`, explain !== null && `**More of it:** \`${explain}\``], title),
    },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      "security-severity": SECURITY_SEVERITY[severity],
      tags: ["security", result.resource.kind, ...references.filter(({ type }) => type === "cwe").map((cwe) => `external/cwe/${cwe.id.toLowerCase()}`)],
    },
  };
}

type PolicyTextOfRule = Omit<PolicyText, "remediation"> & { readonly remediation: Result["remediation"] };

/** GitHub shows no more of a full description. */
const DESCRIPTION_LIMIT = 1000;

function cutAtSentence(text: string): string {
  if (text.length <= DESCRIPTION_LIMIT) return text;
  const cut = text.slice(0, DESCRIPTION_LIMIT);
  const end = cut.lastIndexOf(". ");
  return end > 0 ? cut.slice(0, end + 1) : `${cut}…`;
}

function paragraphs(parts: readonly (string | false)[], otherwise: string): string {
  return parts.filter((part) => part !== false && part !== "").join("\n\n") || otherwise;
}

function linkReference(reference: Reference): string {
  const link = linkOf(reference);
  return link === null ? nameReference(reference) : `[${nameReference(reference)}](${link})`;
}
