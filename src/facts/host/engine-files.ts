/** Files that decide who controls the engine, with who else than root may write or read them. */
import { listDaemonPaths } from "../../snapshot/daemon-paths.ts";
import type { DataOf, FileStatus, Snapshot } from "../../snapshot/model.ts";
import { findPlace } from "../engine-place.ts";
import type { Host } from "../model/host.ts";
import { joinParts, type Part } from "../part.ts";
import { readAccounts, type Accounts } from "./accounts.ts";
import { type Access, findAccess, READ, WRITE } from "./access.ts";
import { mappedGroupFinder } from "./mapped-groups.ts";
import { explainUnnamed } from "./unnamed-files.ts";

type Lists = Pick<Host, "engineSockets" | "engineFiles">;
type Element = Lists["engineFiles"][number];

/** containerd's socket gives all that Docker's does; it is judged with the files, whose groups are the same. */
const CONTAINERD = "containerd.sock";
const DOCKER = "docker.sock";

/** Sockets of the Docker API apart from all other files. Where the engine's configuration may name more than is known, that is an unknown element. */
export function deriveEngineFiles(snapshot: Snapshot): Part<Lists> {
  const { files, daemon } = snapshot.sources;
  if (files.data === null) return allUnknown(files.detail ?? files.status);
  const named = daemon.data === null ? { sockets: [], keys: [], others: [] } : listDaemonPaths(daemon.data);
  const owners = listRootlessOwners(files.data, snapshot);
  const context = {
    data: files.data, accounts: readAccounts(files.data), keys: new Set(named.keys), trusted: trustFinder(files.data, owners), isMapped: mappedGroupFinder(files.data, owners),
  };
  const sockets = new Set(named.sockets);
  // One that may not be looked at has no type: its name tells what it is.
  const isSocket = ({ path, type }: FileStatus): boolean =>
    type === null ? sockets.has(path) || path.endsWith(DOCKER) : type === "socket" && !path.endsWith(CONTAINERD);
  const unnamed = explainUnnamed(snapshot);
  const apart = describeAll(files.data.status.filter(isSocket), "engineSockets", context, unnamed.sockets);
  const others = describeAll(files.data.status.filter((file) => !isSocket(file)), "engineFiles", context, unnamed.others);
  return { value: { engineSockets: apart.value, engineFiles: others.value }, ...joinParts([apart, others]) };
}

interface Context {
  readonly data: DataOf<"files">;
  readonly accounts: Accounts;
  readonly keys: ReadonlySet<string>;
  /** Users who may do all with the engine anyhow, by the folder that this is said of. */
  readonly trusted: (path: string) => ReadonlySet<number>;
  /** Groups that nobody else than the user of a rootless engine is in. */
  readonly isMapped: (gid: number) => boolean;
}

/** A rootless engine is its user's own, and so is what lies in a home's .docker. */
function trustFinder({ status }: DataOf<"files">, engine: readonly number[]): Context["trusted"] {
  const ownerOf = (path: string): number[] => status.flatMap((file) => (file.path === path && file.uid !== null ? [file.uid] : []));
  return (path) => {
    const home = /^(.*\/\.docker)(\/|$)/.exec(path)?.[1];
    return new Set([0, ...engine, ...(home === undefined ? [] : ownerOf(home))]);
  };
}

/** Whose a rootless engine is: by the socket of dockerd in its user's folder, or by the one at which podman answers. */
function listRootlessOwners({ status }: DataOf<"files">, { sources: { daemon, engine } }: Snapshot): number[] {
  const podman = findPlace(engine.data) === "rootless podman" ? engine.data?.endpoint : undefined;
  const isOwn = (path: string): boolean => (daemon.data?.rootless === true && /^\/run\/user\/\d+\/docker\.sock$/.test(path)) || podman === `unix://${path}`;
  return status.flatMap(({ path, uid }) => (isOwn(path) && uid !== null ? [uid] : []));
}

function describeAll(files: readonly FileStatus[], name: keyof Lists, context: Context, unnamed: string | null): Part<Element[]> {
  const known = files.map((file, index) => describeFile(file, `/${name}/${index}`, context));
  const parts = unnamed === null ? known : [...known, describeUnnamed(`/${name}/${files.length}`, UNNAMED[name], unnamed)];
  return { value: parts.map(({ value }) => value), ...joinParts(parts) };
}

function describeFile(file: FileStatus, at: string, context: Context): Part<Element> {
  const { path, mode, uid, gid, error } = file;
  const secret = context.keys.has(path) || /(^|[/.-])key\.pem$|\.key$/.test(path);
  const origins = { [at]: { source: "files", key: path } };
  if (mode === null || uid === null || gid === null) {
    return { value: { ...UNSEEN, key: path, secret }, origins, unknown: { [at]: `its permissions cannot be read: ${error ?? "unknown error"}` } };
  }
  const writers = nameWho(findAccess(file, WRITE), `${at}/writers`, path, context);
  const readers = nameWho(findAccess(file, READ), `${at}/readers`, path, context);
  const aclUnknown = context.data.aclError === null ? {} : { ...openGrants(file, WRITE, `${at}/writers`, context.data.aclError), ...openGrants(file, READ, `${at}/readers`, context.data.aclError) };
  return {
    value: {
      key: path, secret, mode, wantedMode: toOctal(mode & ~tooMuch(file, secret) & 0o7777), writers: writers.value, readers: readers.value,
      words: `${toOctal(mode)} ${nameUser(uid, context.accounts)}:${nameGroup(gid, context.accounts) ?? gid}${file.acl === null ? "" : " with an ACL"}`,
    },
    origins,
    unknown: { ...aclUnknown, ...writers.unknown, ...readers.unknown },
  };
}

/** Bits that nobody needs: a socket is written by the group that it is meant for. */
function tooMuch({ type }: FileStatus, secret: boolean): number {
  if (secret) return 0o077;
  return type === "socket" ? 0o007 : 0o022;
}

/** An ACL gives no more than its mask, which stands where the group's bits are: without these there is nothing that one could give. */
function openGrants({ mode }: FileStatus, bit: number, at: string, reason: string): Record<string, string> {
  return (((mode ?? 0) >> 3) & bit) === 0 ? {} : { [`${at}/users/-`]: reason, [`${at}/groups/-`]: reason };
}

const UNNAMED: Readonly<Record<keyof Lists, string>> = { engineSockets: "other sockets of the engine", engineFiles: "other files of the engine" };

function describeUnnamed(at: string, key: string, reason: string): Part<Element> {
  return { value: { ...UNSEEN, key, secret: false }, origins: { [at]: { source: "daemon", key: "dockerd" } }, unknown: { [at]: reason } };
}

type Who = Element["writers"];
const NOBODY: Who = { users: [], groups: [], others: false };
const UNSEEN = { words: "", mode: null, wantedMode: "", writers: NOBODY, readers: NOBODY };

/** A group that only trusted users are in gives nobody more. One that has no name may be any. */
function nameWho({ users, groups, others }: Access, at: string, path: string, { accounts, trusted, isMapped }: Context): Part<Who> {
  const safe = trusted(path);
  const open = groups.filter((gid) => !hasOnly(gid, safe, accounts) && !isMapped(gid));
  const names = open.map((gid) => nameGroup(gid, accounts));
  const unknown = names.flatMap((name, index) => (name !== null ? [] : [[`${at}/groups/${index}`, accounts.groupsUnknown ?? `group ${open[index] ?? ""} is not in /etc/group`]]));
  const value = { users: users.filter((uid) => !safe.has(uid)).map((uid) => nameUser(uid, accounts)), groups: names.map((name, index) => name ?? String(open[index])), others };
  return { value, unknown: Object.fromEntries(unknown) as Record<string, string> };
}

/** Its members, primary ones too, are all among these, and root is not all there is. */
function hasOnly(gid: number, safe: ReadonlySet<number>, { users, groups, usersUnknown, groupsUnknown }: Accounts): boolean {
  if (usersUnknown !== null || groupsUnknown !== null) return false;
  const listed = groups.find((group) => group.gid === gid)?.members ?? [];
  const members = users.filter((user) => user.gid === gid || listed.includes(user.name));
  return members.length > 0 && members.length >= listed.length && members.every(({ uid }) => safe.has(uid)) && members.some(({ uid }) => uid !== 0);
}

function nameUser(uid: number, { users }: Accounts): string {
  return users.find((user) => user.uid === uid)?.name ?? String(uid);
}

function nameGroup(gid: number, { groups }: Accounts): string | null {
  return gid === 0 ? "root" : (groups.find((group) => group.gid === gid)?.name ?? null);
}

function toOctal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function allUnknown(reason: string): Part<Lists> {
  return { value: { engineSockets: [], engineFiles: [] }, unknown: { "/engineSockets": reason, "/engineFiles": reason } };
}
