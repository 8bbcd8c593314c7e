/** What the kernel may hold of rules that only a program prints which is not installed. */
import type { SaveDump, Snapshot } from "../../snapshot/model.ts";
import { listTablesOfIptables } from "./native.ts";

/** `empty`: another source shows that there is nothing. `unread`: another source shows that there are tables. `unseen`: none says. */
export type Absence = { readonly status: "empty" } | { readonly status: "unseen" } | { readonly status: "unread"; readonly reason: string };

/** The tables of iptables-nft are nft's as well; those of the legacy back end stand in /proc/net/ip_tables_names and ip6_tables_names. */
export function judgeAbsence({ backend, family, program }: SaveDump, { sources: { iptables, nftables } }: Snapshot): Absence {
  if (backend === "legacy") return toAbsence(iptables.data?.legacyTables?.[family] ?? null, `${program} is not installed, and the kernel has legacy tables`);
  return toAbsence(nftables.data === null ? null : listTablesOfIptables(nftables.data, family), `${program} is not installed, and nft lists tables of iptables-nft`);
}

/** Why nothing is known of a family that no installed program prints; null where it is printed, or seen to be empty. */
export function whyFamilyUnseen(family: SaveDump["family"], snapshot: Snapshot): string | null {
  const dumps = (snapshot.sources.iptables.data?.dumps ?? []).filter((dump) => dump.family === family);
  if (dumps.some((dump) => dump.status !== "absent")) return null;
  const seen = dumps.filter((dump) => judgeAbsence(dump, snapshot).status !== "unseen");
  return seen.length < BACK_ENDS ? "no iptables back end could be read: its -save programs are not installed" : null;
}

const BACK_ENDS = 2;

function toAbsence(tables: readonly string[] | null, reason: string): Absence {
  if (tables === null) return { status: "unseen" };
  return tables.length === 0 ? { status: "empty" } : { status: "unread", reason: `${reason}: ${tables.join(", ")}` };
}
