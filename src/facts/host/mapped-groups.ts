/** Groups that only one user has: those that /etc/subgid gives him to map into his user namespaces. */
import type { DataOf } from "../../snapshot/model.ts";
import { readAccounts } from "./accounts.ts";

/** Whether a group is in a range of one of these users', by name or number (subgid(5)). A range that cannot be read has none. */
export function mappedGroupFinder(data: DataOf<"files">, uids: readonly number[]): (gid: number) => boolean {
  const names = readAccounts(data).users.flatMap(({ uid, name }) => (uids.includes(uid) ? [name] : []));
  const owners = new Set([...names, ...uids.map(String)]);
  const ranges = (data.subgid.text ?? "").split("\n").flatMap((line) => {
    const [owner = "", start = "", count = ""] = line.trim().split(":");
    return owners.has(owner) && /^\d+$/.test(start) && /^\d+$/.test(count) ? [{ start: Number(start), end: Number(start) + Number(count) }] : [];
  });
  return (gid) => ranges.some(({ start, end }) => gid >= start && gid < end);
}
