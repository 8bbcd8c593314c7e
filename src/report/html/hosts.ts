/** The hosts of a report on several: how each of them stands. */
import type { Report } from "../../policy/model/report.ts";
import { listOpen } from "../open.ts";
import { WORST_FIRST } from "../severity.ts";
import { writeTime } from "../words.ts";
import { element, type Markup, table } from "./markup.ts";

/** Tells the ids of one host's pictures from those of the others. */
export function suffixOf(index: number): string {
  return index === 0 ? "" : `-${String(index + 1)}`;
}

/** What the page is called: beyond a few hosts by how many they are. */
export function nameTarget({ target, hosts = [] }: Report): string {
  return hosts.length > MOST_NAMED ? `${String(hosts.length)} hosts` : target.name;
}

const MOST_NAMED = 3;

/** Null for a report on one. */
export function renderHosts(report: Report): Markup | null {
  const { hosts } = report;
  if (hosts === undefined) return null;
  const open = Map.groupBy(listOpen(report), ({ resource }) => resource.host);
  const rows = hosts.map(({ name, generatedAt, topology }, index) => {
    const results = open.get(name) ?? [];
    const fails = results.filter(({ status }) => status === "fail");
    return [
      topology === undefined ? name : element("a", { href: `#topology${suffixOf(index)}` }, name),
      ...WORST_FIRST.map((severity) => fails.filter((fail) => fail.severity === severity).length),
      results.length - fails.length, writeTime(generatedAt),
    ];
  });
  return table("Hosts", ["Host", ...WORST_FIRST, "unknown", "Looked at"], rows, "hosts");
}
