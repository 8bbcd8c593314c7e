/** Where a policy's own page is on the web. */
import { builtinPolicies } from "../../policy/builtin.ts";

declare const HARDEN_HOMEPAGE: string | undefined;

/** Set by the build from package.json's `homepage`; as long as that names none the pages are in the repository only. */
export const PAGES = typeof HARDEN_HOMEPAGE === "undefined" ? null : `${HARDEN_HOMEPAGE}/docs/policies`;

/** Null for a policy of others, and where there is no such place. */
export function pageOf(id: string, pages: string | null): string | null {
  return pages !== null && isOwn(id) ? `${pages}/${id}.md` : null;
}

/** The command that prints the same, wherever harden is; null for a policy of others, which it may not know. */
export function explainOf(id: string): string | null {
  return isOwn(id) ? `harden policy explain ${id}` : null;
}

function isOwn(id: string): boolean {
  return builtinPolicies().some((policy) => policy.id === id);
}
