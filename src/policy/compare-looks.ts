/** What came and what went between two looks at one host: the comparison with a baseline, over and over. */
import type { Rest, Resting } from "../facts/resting.ts";
import { type BaselineResult, compareWithBaseline } from "./baseline.ts";
import { compareSeverity } from "./compile.ts";
import type { Severity } from "./model/policy.ts";
import type { Fixed, Report, Result } from "./model/report.ts";

/** A `new` one is a result of the report, a `fixed` one an entry of the kind that `fixed` of a report with a baseline has. */
export type Change = ({ readonly change: "new" } & Result) | ({ readonly change: "fixed" } & Fixed);

/** What the next look is compared with. */
export interface Known {
  readonly told: readonly BaselineResult[];
  /** Unknown, or worse than what was told, since a look or more, and not told: much is undecided for a moment while a container starts or ends. */
  readonly suspected: readonly Waiting<Result>[];
  /** Gone since a look or more, and not told: their container does not run for now. */
  readonly leaving: readonly Waiting<Fixed>[];
}

/** Milliseconds of the clock of `Moment`. */
interface Waiting<T extends Fixed | Result> {
  readonly entry: T;
  readonly since: number;
  readonly due: number;
}

/** When a look was taken, in milliseconds of a clock that never goes back, and what did not run then. */
export interface Moment {
  readonly time: number;
  readonly resting: Resting;
}

export interface Compared {
  /** In the order of the report, the new ones before the fixed ones. */
  readonly changes: readonly Change[];
  readonly known: Known;
}

export const NOTHING_KNOWN: Known = { told: [], suspected: [], leaving: [] };

/** How long one waits for a container that does not run, milliseconds: a restart takes less. The engine waits up to a minute before it starts one again. */
const GRACE: Readonly<Record<Rest, number>> = { stopped: 10_000, restarting: 90_000 };

/**
 * A fault that cannot be judged for a while is neither fixed by that nor new afterwards. One that becomes worse is new once more; one that becomes milder
 * is not told: nobody has to act. An unknown is new when a second look finds it too, and so is what is worse, since what cannot be told counts as the
 * worst. Other than in a report, an unknown that is decided is fixed as well, so that whoever follows the changes knows at any time what is open. What a
 * container that does not run has no more is fixed, and what cannot be told meanwhile is new, when the grace is over; what a removed one had is fixed at once.
 */
export function compareLooks({ told, suspected, leaving }: Known, report: Report, { time, resting }: Moment): Compared {
  const { results, fixed: fixedFaults = [] } = compareWithBaseline(report, told);
  const open = report.results.filter(isOpen);
  const fresh = new Set(results.filter(({ baselineState }) => baselineState === "new").map(({ fingerprint }) => fingerprint));
  const worse = listWorse(told, open.filter(({ fingerprint }) => !fresh.has(fingerprint)));
  const isNew = (result: Result): boolean => fresh.has(result.fingerprint) || worse.has(result);
  const longest = Math.max(0, ...[...resting.values()].map((rest) => GRACE[rest]));
  const doubts = wait(open.filter((result) => isNew(result) && (result.status === "unknown" || worse.has(result))), suspected, time, (entry) => (worse.has(entry) ? graceOf(entry.resource.id, resting) : longest));
  const before = new Set(suspected.map(({ entry }) => entry.fingerprint));
  const doubted = doubts.filter(({ entry, due }) => !before.has(entry.fingerprint) || due > time);
  const stillDoubted = new Set<Result>(doubted.map(({ entry }) => entry));
  const sure = open.filter((result) => !stillDoubted.has(result));
  const absent = wait(dropTwins([...fixedFaults, ...listDecided(told, report.results)]), leaving, time, ({ resource }) => graceOf(resource.id, resting));
  const held = absent.filter(({ due }) => due > time);
  const fixed = absent.filter(({ due }) => due <= time).map(({ entry }) => entry);
  const changes: Change[] = [...sure.filter(isNew).map(toNew), ...fixed.map(toFixed)];
  return { changes, known: { told: [...sure, ...keepUntold(told, sure, fixed, held)], suspected: doubted, leaving: held } };
}

/** The same where a second look found nothing else than the first. */
export function compareSame({ told, suspected, leaving }: Known, time: number): Compared {
  const [sure, fixed] = [suspected.filter(({ due }) => due <= time).map(({ entry }) => entry), leaving.filter(({ due }) => due <= time).map(({ entry }) => entry)];
  const gone = new Set([...fixed, ...sure].map(({ fingerprint }) => fingerprint));
  const known = {
    told: [...told.filter(({ fingerprint }) => !gone.has(fingerprint)), ...sure],
    suspected: suspected.filter(({ due }) => due > time), leaving: leaving.filter(({ due }) => due > time),
  };
  return { changes: [...sure.map(toNew), ...fixed.map(toFixed)], known };
}

/** What is known of a host that is seen for the first time. */
export function knowAll(report: Report): Known {
  return { ...NOTHING_KNOWN, told: report.results.filter(isOpen) };
}

/** Waived ones are accepted: they neither come nor go. */
function isOpen({ status, waiver }: Pick<Result, "status" | "waiver">): boolean {
  return (status === "fail" || status === "unknown") && waiver === null;
}

function toNew(result: Result): Change {
  return { change: "new", ...result };
}

function toFixed(entry: Fixed): Change {
  return { change: "fixed", ...entry };
}

/** Faults that are worse than they were told. */
function listWorse(told: readonly BaselineResult[], open: readonly Result[]): ReadonlySet<Result> {
  const worst = new Map<string, Severity>();
  for (const { status, waiver, fingerprint, severity } of told) {
    const known = worst.get(fingerprint);
    if (status === "fail" && waiver === null && (known === undefined || compareSeverity(severity, known) > 0)) worst.set(fingerprint, severity);
  }
  return new Set(open.filter(({ status, fingerprint, severity }) => status === "fail" && compareSeverity(severity, worst.get(fingerprint) ?? severity) > 0));
}

/** Since when these are so, and until when one waits with them. */
function wait<T extends Fixed | Result>(entries: readonly T[], before: readonly Waiting<T>[], time: number, grace: (entry: T) => number): Waiting<T>[] {
  const known = new Map(before.map(({ entry, since }) => [entry.fingerprint, since]));
  return entries.map((entry) => {
    const since = known.get(entry.fingerprint) ?? time;
    return { entry, since, due: since + grace(entry) };
  });
}

/** A container's sysctls have its id and a colon before their own. */
function graceOf(id: string | null, resting: Resting): number {
  const rest = resting.get(id ?? "") ?? resting.get((id ?? "").split(":", 1)[0] ?? "");
  return rest === undefined ? 0 : GRACE[rest];
}

/** Faults that are not seen for now, or that may be worse, and what may come back with its container: they stay what they were. */
function keepUntold(told: readonly BaselineResult[], sure: readonly Result[], fixed: readonly Fixed[], held: readonly Waiting<Fixed>[]): BaselineResult[] {
  const gone = new Set(fixed.map(({ fingerprint }) => fingerprint));
  const seen = new Set(sure.filter(({ status }) => status === "fail").map(({ fingerprint }) => fingerprint));
  const waiting = new Set(held.map(({ entry }) => entry.fingerprint));
  return told.filter(({ status, waiver, fingerprint }) =>
    waiver === null && (status === "fail" ? !gone.has(fingerprint) && !seen.has(fingerprint) : status === "unknown" && waiting.has(fingerprint)));
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
