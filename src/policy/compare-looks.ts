/** What came and what went between two looks at one host: the comparison with a baseline, over and over. */
import { type BaselineResult, compareWithBaseline } from "./baseline.ts";
import type { Fixed, Report, Result } from "./model/report.ts";

/** A `new` one is a result of the report, a `fixed` one an entry of the kind that `fixed` of a report with a baseline has. */
export type Change = ({ readonly change: "new" } & Result) | ({ readonly change: "fixed" } & Fixed);

/** What the next look is compared with. */
export interface Known {
  readonly told: readonly BaselineResult[];
  /** Unknown since the last look, and not told: much is undecided for a moment while a container starts or ends. */
  readonly suspected: readonly Result[];
}

export interface Compared {
  /** In the order of the report, the new ones before the fixed ones. */
  readonly changes: readonly Change[];
  readonly known: Known;
}

export const NOTHING_KNOWN: Known = { told: [], suspected: [] };

/**
 * A fault that cannot be judged for a while is neither fixed by that nor new afterwards. An unknown is new when a second look finds it too; other than in
 * a report, one that is decided is fixed as well, so that whoever follows the changes knows at any time what is open.
 */
export function compareLooks({ told, suspected }: Known, report: Report): Compared {
  const { results, fixed: fixedFaults = [] } = compareWithBaseline(report, told);
  const open = report.results.filter(isOpen);
  const fresh = new Set(results.filter(({ baselineState }) => baselineState === "new").map(({ fingerprint }) => fingerprint));
  const before = new Set(suspected.map(({ fingerprint }) => fingerprint));
  const isSuspected = ({ status, fingerprint }: Result): boolean => status === "unknown" && fresh.has(fingerprint) && !before.has(fingerprint);
  const fixed = dropTwins([...fixedFaults, ...listDecided(told, report.results)]);
  const changes: Change[] = [
    ...open.filter((result) => fresh.has(result.fingerprint) && !isSuspected(result)).map(toNew),
    ...fixed.map((entry): Change => ({ change: "fixed", ...entry })),
  ];
  return { changes, known: { told: [...open.filter((result) => !isSuspected(result)), ...keepFaults(told, open, fixed)], suspected: open.filter(isSuspected) } };
}

/** The same where a second look found nothing else than the first. */
export function confirmSuspected({ told, suspected }: Known): Compared {
  return { changes: suspected.map(toNew), known: { told: [...told, ...suspected], suspected: [] } };
}

/** What is known of a host that is seen for the first time. */
export function knowAll(report: Report): Known {
  return { told: report.results.filter(isOpen), suspected: [] };
}

/** Waived ones are accepted: they neither come nor go. */
function isOpen({ status, waiver }: Pick<Result, "status" | "waiver">): boolean {
  return (status === "fail" || status === "unknown") && waiver === null;
}

function toNew(result: Result): Change {
  return { change: "new", ...result };
}

/** Faults that are not seen for now: they stay what they were. */
function keepFaults(told: readonly BaselineResult[], open: readonly Result[], fixed: readonly Fixed[]): BaselineResult[] {
  const gone = new Set(fixed.map(({ fingerprint }) => fingerprint));
  const seen = new Set(open.filter(({ status }) => status === "fail").map(({ fingerprint }) => fingerprint));
  return told.filter(({ status, waiver, fingerprint }) => status === "fail" && waiver === null && !gone.has(fingerprint) && !seen.has(fingerprint));
}

/** What was unknown and is a fault now is new, and so not among them. */
function listDecided(told: readonly BaselineResult[], results: readonly Result[]): Fixed[] {
  const still = new Set(results.filter(({ status }) => status === "fail" || status === "unknown").map(({ fingerprint }) => fingerprint));
  const judged = new Set(results.map(({ policy }) => policy));
  const decided = told.filter(({ status, waiver, fingerprint, policy }) => status === "unknown" && waiver === null && judged.has(policy) && !still.has(fingerprint));
  return decided.map(({ policy, resource: { kind, id, name }, element, fingerprint, title }) => ({ policy, resource: { kind, id, name }, element, fingerprint, title }));
}

function dropTwins(entries: readonly Fixed[]): Fixed[] {
  return [...new Map(entries.map((entry) => [entry.fingerprint, entry])).values()];
}
