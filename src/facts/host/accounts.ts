/** Users and groups of this host as passwd(5) and group(5) list them. */
import type { DataOf, TextFile } from "../../snapshot/model.ts";

export interface Account {
  readonly name: string;
  readonly uid: number;
  /** The primary group. */
  readonly gid: number;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export interface Accounts {
  readonly users: readonly Account[];
  readonly groups: readonly Group[];
  /** Why a list is not known; null when it is. Accounts that another source than the files has (LDAP …) are in neither. */
  readonly usersUnknown: string | null;
  readonly groupsUnknown: string | null;
}

/** Lines that are none are skipped, as the C library does. */
export function readAccounts({ passwd, group }: Pick<DataOf<"files">, "passwd" | "group">): Accounts {
  const users = splitLines(passwd).map(([name = "", , uid = "", gid = ""]) => ({ name, uid: toNumber(uid), gid: toNumber(gid) }));
  const groups = splitLines(group).map(([name = "", , gid = "", members = ""]) => ({ name, gid: toNumber(gid), members: members.split(",").filter((member) => member !== "") }));
  return {
    users: users.filter(({ uid, gid }) => uid >= 0 && gid >= 0),
    groups: groups.filter(({ gid }) => gid >= 0),
    usersUnknown: describeError(passwd),
    groupsUnknown: describeError(group),
  };
}

function splitLines({ text }: TextFile): string[][] {
  return (text ?? "").split("\n").filter((line) => line !== "").map((line) => line.split(":"));
}

function toNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : -1;
}

function describeError({ path, error }: TextFile): string | null {
  return error === null ? null : `${path} cannot be read: ${error}`;
}
