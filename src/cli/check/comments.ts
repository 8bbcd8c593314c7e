/** Waivers in the comments of compose files: read, held against the policies that there are, and applied to a project's results. */
import type { IgnoreComment } from "../../compose/index.ts";
import { HardenError } from "../../errors.ts";
import { isFilePlace, type Resource } from "../../facts/resource.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { matchesGlob } from "../../policy/glob.ts";
import type { Result } from "../../policy/model/report.ts";
import type { PlacedWaiver, Standing } from "../../policy/waive-by-comment.ts";

/** A file that may hold comments. */
export interface CommentedFile {
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
  /** Whether it only lends services to others. */
  readonly lent: boolean;
}

/** The comments of all inputs so far, a list for each: projects may share files. */
export interface CommentLedger {
  /** Ids of the policies that are judged. */
  readonly selected: readonly string[];
  readonly waivers: (readonly PlacedWaiver[])[];
  readonly used: (readonly PlacedWaiver[])[];
  /** What is wrong with comments. */
  readonly faults: (readonly HardenError[])[];
}

export function openLedger(compiled: readonly CompiledPolicy[]): CommentLedger {
  return { selected: compiled.map(({ policy }) => policy.id), waivers: [], used: [], faults: [] };
}

/** The results of one input, those marked that a comment covers. */
export async function applyComments(
  ledger: CommentLedger, results: readonly Result[], resources: readonly Resource[], files: readonly CommentedFile[],
): Promise<readonly Result[]> {
  if (files.length === 0) return results;
  const { findIgnoreComments, relatedPlaces } = await import("../../compose/index.ts");
  const found = files.map(({ file, text, lent }) => ({ ...findIgnoreComments(text, file), lent }));
  ledger.faults.push(found.flatMap(({ faults }) => faults));
  const comments = found.flatMap(({ comments, lent }) => comments.map((comment) => ({ comment, lent })));
  if (comments.length === 0) return results;
  ledger.faults.push(await findUnknownPolicies(comments.map(({ comment }) => comment), ledger.selected));
  const waivers = comments.flatMap(({ comment, lent }) => toWaivers(comment, lent));
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const standingOf = ({ location, resource: { id } }: Result): Standing => {
    const resource = byId.get(id ?? "");
    const key = resource?.origins[""];
    return {
      places: [...(location === null ? [] : [location, ...relatedPlaces(location)]), ...(key !== undefined && isFilePlace(key) ? [key] : [])],
      service: serviceOf(resource),
    };
  };
  const { waiveByComment } = await import("../../policy/waive-by-comment.ts");
  const waived = waiveByComment(results, waivers, standingOf);
  ledger.waivers.push(waivers);
  ledger.used.push(waived.used);
  return waived.results;
}

/** A finding for each comment that covers nothing in any input although its policy was selected. */
export async function reportUnused({ waivers, used, selected }: CommentLedger): Promise<readonly Result[]> {
  if (waivers.length === 0) return [];
  return (await import("../../policy/waive-by-comment.ts")).reportUnusedComments(waivers.flat(), used.flat(), selected);
}

/** Held against all policies, also those that the profile leaves out. */
async function findUnknownPolicies(comments: readonly IgnoreComment[], selected: readonly string[]): Promise<HardenError[]> {
  const [{ builtinPolicies }, { describeUnknownPolicy }] = await Promise.all([import("../../policy/builtin.ts"), import("../../policy/parameters.ts")]);
  const known = [...new Set([...builtinPolicies().map(({ id }) => id), ...selected])];
  return comments.flatMap(({ policies }) => policies).filter(({ id }) => !known.some((policy) => matchesGlob(policy, id))).map(({ id, place: { file, line, column } }) => {
    const { message, hint } = describeUnknownPolicy(id, known);
    return new HardenError(message, { position: { file, line, column }, hint });
  });
}

function toWaivers({ policies, reason, place, covers, service }: IgnoreComment, lent: boolean): PlacedWaiver[] {
  return policies.map(({ id }) => ({
    waiver: { policy: id, resource: place.file, reason, owner: null, expires: null, location: place }, place, covers, service, lent,
  }));
}

function serviceOf(resource: Resource | undefined): string | null {
  return resource !== undefined && "service" in resource && typeof resource.service === "string" ? resource.service : null;
}
