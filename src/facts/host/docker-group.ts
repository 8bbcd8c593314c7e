/** Who may reach the engine by a group: whoever does is root on this host. */
import type { Snapshot } from "../../snapshot/model.ts";
import type { Host } from "../model/host.ts";
import type { Part } from "../part.ts";
import { readAccounts } from "./accounts.ts";
import { byKey, joinElements } from "./elements.ts";

/** The group that packages make, and that dockerd gives its socket by default. */
const DEFAULT_GROUP = "docker";

/** Members of `docker` and of the groups that may write a socket of the engine, primary ones too; root is none. */
export function deriveDockerGroup(snapshot: Snapshot, sockets: Host["engineSockets"]): Part<Pick<Host, "dockerGroup">> {
  const { status, detail, data } = snapshot.sources.files;
  if (data === null) return allUnknown(detail ?? status);
  const { users, groups, usersUnknown, groupsUnknown } = readAccounts(data);
  const reason = groupsUnknown ?? usersUnknown;
  if (reason !== null) return allUnknown(reason);
  const names = new Set([DEFAULT_GROUP, ...sockets.flatMap(({ writers }) => writers.groups)]);
  const concerned = groups.filter(({ name, gid }) => names.has(name) && gid !== 0);
  const found = concerned.flatMap(({ name: group, gid, members }) => {
    const primary = users.filter((user) => user.gid === gid).map(({ name }) => name);
    return [...new Set([...members, ...primary])].filter((user) => user !== "root").map((user) => ({
      element: { key: `${user} of ${group}`, user, group, primary: primary.includes(user) },
      place: { source: "files", key: primary.includes(user) ? `/etc/passwd ${user}` : `/etc/group ${group}` },
    }));
  });
  return joinElements(found.sort(byKey), "dockerGroup");
}

function allUnknown(reason: string): Part<Pick<Host, "dockerGroup">> {
  return { value: { dockerGroup: [] }, unknown: { "/dockerGroup": reason } };
}
