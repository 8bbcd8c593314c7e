/** Our rules as files for the boot: those that are planned, else those that run now. */
import type { Snapshot } from "../../snapshot/model.ts";
import { OWN_TABLES } from "../../snapshot/own-firewall.ts";
import { JUMPS, OWN_CHAINS } from "../firewall/iptables-rules.ts";
import { nftTable } from "../firewall/nft-tables.ts";
import { findOwnRules } from "../firewall/own-rules.ts";
import type { Family, Step } from "../model.ts";

export interface ChainsFile {
  /** `iptables-nft` …, which loads it. */
  readonly program: string;
  readonly text: string;
}

/** The file for iptables-restore --noflush with our chains and all jumps to them; null where a family has none. */
export function renderChainsFile(family: Family, steps: readonly Step[], snapshot: Snapshot): ChainsFile | null {
  const planned = steps.find((step) => step.kind === "iptables" && step.family === family);
  if (planned?.kind === "iptables") return { program: planned.program, text: withAllJumps(planned.after) };
  for (const dump of snapshot.sources.iptables.data?.dumps ?? []) {
    const { text } = dump.family === family ? findOwnRules(dump) : { text: null };
    if (text === null) continue;
    const rules = text.split("\n").filter((line) => line.startsWith("-A HARDEN-"));
    const lines = ["*filter", ...OWN_CHAINS.map((chain) => `:${chain} - [0:0]`), ...rules, "COMMIT"];
    return { program: `${family === "v4" ? "iptables" : "ip6tables"}-${dump.backend}`, text: withAllJumps(lines.map((line) => `${line}\n`).join("")) };
  }
  return null;
}

function withAllJumps(text: string): string {
  const rules = text.replace(/^-I .*\n/gm, "").replace(/COMMIT\n$/, "");
  return `${rules}${JUMPS.map(({ from, to }) => `-I ${from} 1 -j ${to}\n`).join("")}COMMIT\n`;
}

/** The file for nft -f: tables that are planned, then those of the other family that are stored and run. Null for none. */
export function renderTablesFile(steps: readonly Step[], snapshot: Snapshot): string | null {
  const planned = steps.find((step) => step.kind === "nft");
  const stored = snapshot.sources["saved-rules"].data?.find(({ path }) => path === OWN_TABLES)?.text ?? "";
  const others = (["v4", "v6"] as const).filter((family) => planned?.kind !== "nft" || !planned.families.includes(family));
  const text = (planned?.kind === "nft" ? planned.after : "") + others.map((family) => takeTable(stored, nftTable(family))).join("");
  return text === "" ? null : text;
}

/** A table as nft-tables.ts writes it: declared, deleted, and filled. */
function takeTable(text: string, table: string): string {
  const start = text.indexOf(`table ${table}\ndelete table ${table}\n`);
  const end = start < 0 ? -1 : text.indexOf("\n}\n", start);
  return end < 0 ? "" : text.slice(start, end + 3);
}
