/** What a finding refers to, by name and by link. */
import type { Reference } from "../policy/model/policy.ts";

/** `CIS Docker Benchmark 5.4`. */
export function nameReference({ type, id }: Reference): string {
  return type === "url" ? id : `${REFERENCE_WORDS[type]}${id}`;
}

const REFERENCE_WORDS = { "cis-docker": "CIS Docker Benchmark ", cwe: "", attack: "ATT&CK ", handbook: "security handbook, " } as const;

/** The page of a reference; null for one that is in print only, and for an id or link of no known form. */
export function linkOf({ type, id }: Reference): string | null {
  if (type === "url") return URL.canParse(id) && /^https?:$/.test(new URL(id).protocol) ? encodeRest(new URL(id).href) : null;
  if (type === "cwe") return /^CWE-\d+$/.test(id) ? `https://cwe.mitre.org/data/definitions/${id.slice("CWE-".length)}.html` : null;
  return type === "attack" && /^T\d{4}(\.\d{3})?$/.test(id) ? `https://attack.mitre.org/techniques/${id.replace(".", "/")}/` : null;
}

/** What URL leaves as it is and either RFC 3986 or a link in Markdown does not take. */
function encodeRest(link: string): string {
  return link.replace(/[^\w\-.~:/?#@!$&*+,;=%]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
