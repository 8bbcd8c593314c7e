/** Who may reach the engine by a group: whoever does is root on this host. */
import type { Snapshot } from "../../snapshot/model.ts";
import type { Host } from "../model/host.ts";
import type { Part } from "../part.ts";
import { lookUp } from "../resource.ts";
import { readAccounts } from "./accounts.ts";
import { byKey, joinElements } from "./elements.ts";

/** The group that packages make, and that dockerd gives its socket by default. */
const DEFAULT_GROUP = "docker";

/** Members of `docker` and of the groups that may write a socket of the engine, primary ones too; root is none. A socket whose groups are not known stands for its users. */
export function deriveDockerGroup(snapshot: Snapshot, { value: { engineSockets }, unknown }: Part<Pick<Host, "engineSockets">>): Part<Pick<Host, "dockerGroup">> {
  const { status, detail, data } = snapshot.sources.files;
  if (data === null) return allUnknown(detail ?? status);
  const { users, groups, usersUnknown, groupsUnknown } = readAccounts(data);
  const reason = groupsUnknown ?? usersUnknown;
  if (reason !== null) return allUnknown(reason);
  const names = new Set([DEFAULT_GROUP, ...engineSockets.flatMap(({ writers }) => writers.groups)]);
  const concerned = groups.filter(({ name, gid }) => names.has(name) && gid !== 0);
  const found = concerned.flatMap(({ name: group, gid, members }) => {
    const primary = users.filter((user) => user.gid === gid).map(({ name }) => name);
    return [...new Set([...members, ...primary])].filter((user) => user !== "root").map((user) => ({
      element: { key: `${user} of ${group}`, user, group, primary: primary.includes(user) },
      place: { source: "files", key: primary.includes(user) ? `/etc/passwd ${user}` : `/etc/group ${group}` },
    }));
  });
  const unseen = engineSockets.flatMap(({ key }, index) => {
    const why = findReason(unknown ?? {}, `/engineSockets/${index}`);
    return why === undefined ? [] : [{ element: { key: `users of ${key}`, user: "", group: "", primary: false }, place: { source: "files", key }, unknown: why }];
  });
  return joinElements([...found.sort(byKey), ...unseen], "dockerGroup");
}

/** Why it is not known which groups may write the socket. */
function findReason(unknown: Readonly<Record<string, string>>, socket: string): string | undefined {
  const groups = `${socket}/writers/groups`;
  return lookUp(unknown, groups) ?? Object.entries(unknown).find(([at]) => at.startsWith(`${groups}/`))?.[1];
}

function allUnknown(reason: string): Part<Pick<Host, "dockerGroup">> {
  return { value: { dockerGroup: [] }, unknown: { "/dockerGroup": reason } };
}
