/** A policy as a SARIF rule, with all that a reader needs who has nothing but this file. */
import type { ReportingDescriptor } from "sarif";
import type { Reference } from "../../policy/model/policy.ts";
import type { Result } from "../../policy/model/report.ts";
import { cleanTexts } from "../clean.ts";
import type { PolicyText } from "../options.ts";
import { LEVELS, SECURITY_SEVERITY } from "./levels.ts";

/** `result` is any of the policy's results; it speaks for a policy whose text is not at hand. */
export function describeRule(result: Result, policy: PolicyText | undefined): ReportingDescriptor {
  const { id, title, severity, rationale, references, remediation } = cleanTexts<PolicyTextOfRule>(policy ?? { ...result, id: result.policy, rationale: "" });
  const fix = remediation?.text ?? "";
  const helpUri = references.map(linkOf).find((link) => link !== null);
  return {
    id,
    name: id.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(""),
    shortDescription: { text: `${title}.` },
    fullDescription: { text: cutAtSentence(rationale) || `${title}.` },
    help: {
      text: paragraphs([rationale, fix && `How to fix: ${fix}`, references.length > 0 && `References: ${references.map(nameReference).join(", ")}`], title),
      markdown: paragraphs([rationale, fix && `**How to fix:** ${fix}`, references.length > 0 && `**References:** ${references.map(linkReference).join(", ")}`], title),
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

function nameReference({ type, id }: Reference): string {
  return type === "url" ? id : `${REFERENCE_WORDS[type]}${id}`;
}

const REFERENCE_WORDS = { "cis-docker": "CIS Docker Benchmark ", cwe: "", attack: "ATT&CK ", handbook: "security handbook, " } as const;

function linkReference(reference: Reference): string {
  const link = linkOf(reference);
  return link === null ? nameReference(reference) : `[${nameReference(reference)}](${link})`;
}

/** The page of a reference; null for one that is in print only, and for an id or link of no known form. */
function linkOf({ type, id }: Reference): string | null {
  if (type === "url") return URL.canParse(id) && /^https?:$/.test(new URL(id).protocol) ? encodeRest(new URL(id).href) : null;
  if (type === "cwe") return /^CWE-\d+$/.test(id) ? `https://cwe.mitre.org/data/definitions/${id.slice("CWE-".length)}.html` : null;
  return type === "attack" && /^T\d{4}(\.\d{3})?$/.test(id) ? `https://attack.mitre.org/techniques/${id.replace(".", "/")}/` : null;
}

/** What URL leaves as it is and either RFC 3986 or a link in Markdown does not take. */
function encodeRest(link: string): string {
  return link.replace(/[^\w\-.~:/?#@!$&*+,;=%]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
