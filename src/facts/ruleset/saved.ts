/** Rules that run against rules that the boot restores. */
import { findSavedDrift, findUnsaved, type SaveFile } from "../../netfilter/index.ts";
import type { Snapshot } from "../../snapshot/model.ts";
import { isEnabled, OWN_RULES } from "../../snapshot/own-firewall.ts";
import type { Ruleset } from "../model/ruleset.ts";
import type { Part } from "../part.ts";
import type { Place } from "../resource.ts";
import { parseText, type Family, type ReadDumps } from "./read-dumps.ts";

type SavedPart = Part<Pick<Ruleset, "unsaved" | "savedDrift">>;

const SAVED: Readonly<Record<Family, readonly string[]>> = {
  v4: ["/etc/iptables/rules.v4", "/etc/sysconfig/iptables"],
  v6: ["/etc/iptables/rules.v6", "/etc/sysconfig/ip6tables"],
};

interface SavedText {
  readonly path: string;
  readonly file: SaveFile;
}

export function compareSaved(family: Family, running: ReadDumps, { sources }: Snapshot): SavedPart {
  const { saved, unread } = readSaved(family, sources["saved-rules"]);
  const unknown = unread ?? running.unread;
  const { unsaved, origin } = listUnsaved(running, saved);
  const drift = saved.flatMap((one) => listDrift(one, running));
  return {
    value: { unsaved, savedDrift: drift.map(({ element }) => element) },
    origins: { ...(origin === null ? {} : { "/unsaved": origin }), ...Object.fromEntries(drift.map(({ place }, index) => [`/savedDrift/${index}`, place])) },
    unknown: unknown === null ? {} : { "/unsaved": unknown, "/savedDrift": unknown },
  };
}

function readSaved(family: Family, source: Snapshot["sources"]["saved-rules"]): { saved: SavedText[]; unread: string | null } {
  const saved: SavedText[] = [];
  let unread = source.status === "ok" ? null : (source.detail ?? source.status);
  const files = source.data ?? [];
  // Ours are loaded by a program of ours, if the boot runs it.
  const paths = isEnabled(files) ? [...SAVED[family], OWN_RULES[family]] : SAVED[family];
  for (const { path, text } of files) {
    if (!paths.includes(path) || text === null) continue;
    const parsed = parseText(text, family, path);
    if (typeof parsed === "string") unread ??= parsed;
    else saved.push({ path, file: parsed });
  }
  return { saved, unread };
}

function listUnsaved({ files }: ReadDumps, saved: readonly SavedText[]): { unsaved: string[]; origin: Place | null } {
  let origin: Place | null = null;
  const unsaved = files.flatMap(({ dump, file }) => {
    const { rules, policies } = findUnsaved(file, saved.map((one) => one.file));
    const first = rules[0] ?? policies[0];
    if (first !== undefined) origin = { source: "iptables", key: `${dump.program} line ${first.line ?? "?"}` };
    return [...rules.map((rule) => `${rule.table} ${rule.text}`), ...policies.map(({ table, chain, policy }) => `${table} -P ${chain} ${policy}`)];
  });
  return { unsaved, origin };
}

/** Docker's own rules are told of once a file: there are dozens. */
function listDrift({ path, file }: SavedText, running: ReadDumps): { element: Ruleset["savedDrift"][number]; place: Place }[] {
  const { idle, dockers } = findSavedDrift(file, running.files.map((one) => one.file));
  const place = (line: number): Place => ({ source: "saved-rules", key: `${path} line ${line}` });
  const [first] = dockers;
  const own = first === undefined ? [] : [{
    element: { key: `${path} DOCKER`, file: path, text: `${dockers.length} rules of Docker's own, which a boot brings back as they were when they were saved` }, place: place(first.line),
  }];
  return [...own, ...idle.map((rule) => ({ element: { key: `${path} ${rule.table} ${rule.text}`, file: path, text: `${rule.table} ${rule.text}, which does not run` }, place: place(rule.line) }))];
}
