/** Waivers that stand in the judged files themselves: each covers what it stands at. */
import type { FilePlace } from "../facts/resource.ts";
import { matchesGlob } from "./glob.ts";
import { indexRanges } from "./index-ranges.ts";
import type { Result, Waiver } from "./model/report.ts";
import { reportUnused } from "./waive.ts";

export interface PlacedWaiver {
  readonly waiver: Waiver;
  readonly place: FilePlace;
  /** The range that it stands at; null if it stands at nothing. */
  readonly covers: FilePlace | null;
  /** The service that it stands at, wherever the service's values are. */
  readonly service: string | null;
  /** Whether it stands in a file that only lends services: what is not borrowed is not judged. */
  readonly lent: boolean;
}

/** What decides whether a waiver covers a result: the places that brought it about and its service's own key; its service by name. */
export interface Standing {
  readonly places: readonly FilePlace[];
  readonly service: string | null;
}

/** The results with the waiver that covers each (the innermost), and the waivers that cover any. */
export function waiveByComment(
  results: readonly Result[], waivers: readonly PlacedWaiver[], standingOf: (result: Result) => Standing,
): { results: Result[]; used: PlacedWaiver[] } {
  const find = indexWaivers(waivers);
  const used = new Set<PlacedWaiver>();
  const waived = results.map((result) => {
    if (result.status !== "fail" && result.status !== "unknown") return result;
    const covering = find(standingOf(result)).filter(({ waiver }) => matchesGlob(result.policy, waiver.policy));
    covering.forEach((waiver) => used.add(waiver));
    return { ...result, waiver: covering[0]?.waiver ?? null };
  });
  return { results: waived, used: [...used] };
}

/** A finding for each that covers nothing although its policy was selected; a file that several projects share counts once. */
export function reportUnusedComments(waivers: readonly PlacedWaiver[], used: readonly PlacedWaiver[], selected: readonly string[]): Result[] {
  const key = ({ waiver, place }: PlacedWaiver): string => JSON.stringify([place.file, place.line, place.column, waiver.policy]);
  const usedKeys = new Set(used.map(key));
  const unused = new Map(waivers.filter((waiver) => !waiver.lent && !usedKeys.has(key(waiver))).map((waiver) => [key(waiver), waiver]));
  return [...unused.values()].filter(({ waiver }) => selected.some((id) => matchesGlob(id, waiver.policy))).map(reportUnused);
}

function indexWaivers(waivers: readonly PlacedWaiver[]): (standing: Standing) => PlacedWaiver[] {
  const holding = indexRanges(waivers.flatMap((item) => (item.covers === null ? [] : [{ range: item.covers, item }])));
  const byService = Map.groupBy(waivers.filter(({ lent }) => !lent), ({ service }) => service);
  return ({ places, service }) => [...places.flatMap(holding), ...(service === null ? [] : (byService.get(service) ?? []))];
}
