/** Waivers: faults that an administrator accepts, each with a reason. Those that have expired or cover nothing are findings themselves. */
import type { FilePlace } from "../facts/resource.ts";
import { placeOf } from "./document.ts";
import { fingerprint } from "./fingerprint.ts";
import { matchesGlob } from "./glob.ts";
import type { Severity } from "./model/policy.ts";
import type { Evidence, Result, Waiver } from "./model/report.ts";
import type { LocatedSettings } from "./settings.ts";

/** The two checks that are code and no policy. */
export const WAIVER_CHECKS = {
  expired: {
    id: "waiver-expired",
    severity: "medium",
    title: "Waiver has expired",
    rationale: "A waiver holds up to and including its day of expiry (UTC). After it nothing is waived by it any more: whoever wrote it wanted the matter to be looked at again.",
    text: "Mend the fault and delete the waiver, or renew it with a new day and a reason that still holds.",
  },
  unused: {
    id: "waiver-unused",
    severity: "low",
    title: "Waiver covers nothing",
    rationale: "The policy was judged and no fail or unknown of it is covered by this waiver. It would silently cover the next fault that comes to bear the same name.",
    text: "Delete the waiver; if it was meant to cover something, its policy or resource is misspelt.",
  },
} as const satisfies Record<string, { id: string; severity: Severity; title: string; rationale: string; text: string }>;

/**
 * Marks the fails and unknowns that a waiver of the settings covers and none does yet (the first, in the order of the file), and adds a result for every
 * waiver that has expired, and for every one that covers nothing although its policy was selected. `now` is ISO 8601 in UTC.
 */
export function applyWaivers(results: readonly Result[], settings: LocatedSettings | null, now: string, selected: readonly string[]): Result[] {
  if (settings === null) return [...results];
  const today = now.slice(0, "YYYY-MM-DD".length);
  const located = (settings.settings.waivers ?? []).map((waiver, index): LocatedWaiver => ({
    waiver: { ...waiver, owner: waiver.owner ?? null, expires: waiver.expires ?? null },
    place: placeOf(settings.document, ["waivers", index]),
  }));
  const isExpired = ({ waiver: { expires } }: LocatedWaiver): boolean => expires !== null && expires < today;
  const holding = located.filter((entry) => !isExpired(entry));
  const unused = holding.filter(({ waiver }) => selected.some((id) => matchesGlob(id, waiver.policy)) && !results.some((result) => covers(waiver, result)));
  return [
    ...results.map((result) => ({ ...result, waiver: result.waiver ?? holding.find(({ waiver }) => covers(waiver, result))?.waiver ?? null })),
    ...located.filter(isExpired).map((entry) => reportExpired(entry, today)),
    ...unused.map(reportUnused),
  ];
}

export interface LocatedWaiver {
  readonly waiver: Waiver;
  readonly place: FilePlace;
}

/** What was not there to be judged has neither id nor name: only a glob that matches everything covers it. */
function covers(waiver: Waiver, { policy, status, resource }: Result): boolean {
  if (status !== "fail" && status !== "unknown") return false;
  return matchesGlob(policy, waiver.policy) && [resource.id ?? "", resource.name ?? ""].some((name) => matchesGlob(name, waiver.resource));
}

function reportExpired({ waiver, place }: LocatedWaiver, today: string): Result {
  const message = `the waiver of ${waiver.policy} for ${waiver.resource} has expired on ${waiver.expires ?? ""}: ${waiver.reason}`;
  const evidence: Evidence = { path: "expires", operator: "greaterThanInclusive", expected: today, actual: waiver.expires, unknown: null, location: place };
  return toResult(WAIVER_CHECKS.expired, waiver, place, message, [evidence]);
}

/** The finding that a waiver covers nothing. */
export function reportUnused({ waiver, place }: LocatedWaiver): Result {
  return toResult(WAIVER_CHECKS.unused, waiver, place, `the waiver of ${waiver.policy} for ${waiver.resource} covers nothing: ${waiver.reason}`, []);
}

function toResult(check: (typeof WAIVER_CHECKS)[keyof typeof WAIVER_CHECKS], waiver: Waiver, place: FilePlace, message: string, evidence: Evidence[]): Result {
  const id = `${waiver.policy} ${waiver.resource}`;
  return {
    policy: check.id,
    status: "fail",
    severity: check.severity,
    title: check.title,
    message,
    resource: { kind: "waiver", id, name: id },
    element: null,
    location: place,
    evidence,
    references: [],
    remediation: { type: "manual", text: check.text },
    fingerprint: fingerprint(check.id, "waiver", id, null),
    waiver: null,
  };
}
