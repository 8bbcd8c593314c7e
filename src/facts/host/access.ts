/** Who may do what with a file: its permission bits, and its POSIX ACL by the rules of acl(5). Root may do anything and is never named. */
import type { FileStatus } from "../../snapshot/model.ts";

/** Bits of a permission, as in chmod(1). */
export const READ = 4;
export const WRITE = 2;

export interface Access {
  readonly users: readonly number[];
  readonly groups: readonly number[];
  /** Everybody else. */
  readonly others: boolean;
}

interface Entry {
  readonly kind: "user" | "group" | "mask" | "other";
  /** Null: the owner, the owning group. */
  readonly id: number | null;
  readonly bits: number;
}

/** `bit` is READ or WRITE. Of a file that was looked at. */
export function findAccess({ mode, uid, gid, acl }: FileStatus, bit: number): Access {
  const entries = acl === null ? [] : parseAcl(acl);
  // With an ACL the group's bits of the mode are its mask: what all but the owner and others may have at most.
  const mask = entries.find(({ kind }) => kind === "mask")?.bits ?? 7;
  const ownGroup = entries.find(({ kind, id }) => kind === "group" && id === null)?.bits ?? ((mode ?? 0) >> 3) & 7;
  const named = entries.filter(({ id, bits }) => id !== null && (bits & mask & bit) !== 0);
  const users = [...(((mode ?? 0) >> 6) & bit ? [uid] : []), ...named.filter(({ kind }) => kind === "user").map(({ id }) => id)];
  const groups = [...(ownGroup & mask & bit ? [gid] : []), ...named.filter(({ kind }) => kind === "group").map(({ id }) => id)];
  return { users: distinct(users).filter((id) => id !== 0), groups: distinct(groups).filter((id) => id !== 0), others: ((mode ?? 0) & bit) !== 0 };
}

/** getfacl's notation with numbers. Default entries are for files yet to be made in a folder, and give nobody anything. */
function parseAcl(acl: string): Entry[] {
  return acl.split("\n").flatMap((line): Entry[] => {
    const [, kind, id = "", bits = ""] = /^(user|group|mask|other):(\d*):([r-][w-][x-])/.exec(line) ?? [];
    if (kind === undefined) return [];
    const value = [READ, WRITE].reduce((sum, bit, index) => sum + (bits[index] === "-" ? 0 : bit), 0);
    return [{ kind: kind as Entry["kind"], id: id === "" ? null : Number(id), bits: value }];
  });
}

function distinct(ids: readonly (number | null)[]): number[] {
  return [...new Set(ids)].filter((id) => id !== null);
}
