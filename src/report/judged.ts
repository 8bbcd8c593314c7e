/** What was judged, in words that more than one format shows. */
import type { JudgedInput } from "../policy/model/report.ts";

/** The files that were merged or read, in order, those that are not compose files themselves with their part. */
export function listFiles({ files, type }: JudgedInput): string[] {
  return files.map(({ file, role }) => (type !== "compose" || PLAIN.includes(role) ? file : `${file} (${ROLES[role] ?? role})`));
}

const PLAIN: readonly string[] = ["compose", "override", "environment"];
const ROLES: Readonly<Record<string, string>> = { include: "included", extends: "extended" };

/** Which engine the services are judged against. */
export function describeEngine({ daemon = [] }: JudgedInput): string {
  const [file] = daemon;
  if (file === undefined) return "an engine's defaults, assumed";
  return daemon.length === 1 ? file : `not clear which of ${daemon.join(", ")}`;
}

/** Each variable with where it came from; those without a value first. */
export function listVariables({ variables = [] }: JudgedInput): string[] {
  const sorted = [...variables].sort((a, b) => Number(b.from === "none") - Number(a.from === "none"));
  return sorted.map(({ name, from }) => `${name} (${from === "none" ? "no value" : from})`);
}

/** Each service that the chosen profiles leave out, with those that would bring it in. */
export function listLeftOut({ leftOut = [] }: JudgedInput): string[] {
  return leftOut.map(({ service, profiles }) => `${service} (${profiles.join(" or ")})`);
}
