/** A sysctl .conf as something that can be fixed: of the line that sets a key the value is replaced. */
import type { Result } from "../../policy/model/report.ts";
import { hasGlob, matchesPathGlob } from "../../snapshot/path-glob.ts";
import { toSysctlPath } from "../../snapshot/sysctl-key.ts";
import type { Proposal, Read } from "./model.ts";

export function sysctlSubject(file: string, judge: (text: string) => Promise<readonly Result[]>): Read {
  return async (texts) => {
    const text = texts.get(file) ?? "";
    return { texts, results: await judge(text), propose: (finding) => propose(file, text, finding), compare: () => [] };
  };
}

function propose(file: string, text: string, finding: Result): Proposal | string {
  const { remediation, location, resource } = finding;
  if (remediation?.type !== "sysctl" || location === null) return "its policy says nothing that could be done";
  const value = findValue(remediation.set, resource.name ?? "");
  const lines = text.split("\n");
  const line = lines[location.line - 1] ?? "";
  const [, head, old] = /^([^=]*=\s*)(.*?)\s*$/.exec(line) ?? [];
  if (value === undefined) return "its policy does not say to what";
  if (head === undefined || old === undefined) return "the line that sets it is not clear";
  const start = lines.slice(0, location.line - 1).reduce((sum, { length }) => sum + length + 1, head.length);
  const edit = { file, start, end: start + old.length, text: value };
  return { finding, safe: remediation.safe === true, group: resource.id ?? "", keys: [], alone: false, late: false, ways: [[edit]], reason: null };
}

/** A key stands for itself before one with a glob does. */
function findValue(set: Readonly<Record<string, string>>, key: string): string | undefined {
  const path = toSysctlPath(key);
  const matches = Object.entries(set).filter(([name]) => matchesPathGlob(path, toSysctlPath(name)));
  return (matches.find(([name]) => !hasGlob(name)) ?? matches[0])?.[1];
}
