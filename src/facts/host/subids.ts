/** Whether the user that containers are mapped to has ids to be mapped to: subuid(5), subgid(5). */
import type { Snapshot, TextFile } from "../../snapshot/model.ts";
import { deriveDaemon } from "../daemon.ts";
import { readConfiguration } from "../daemon/configuration.ts";
import type { Host } from "../model/host.ts";
import type { Part } from "../part.ts";
import { lookUp } from "../resource.ts";
import { readAccounts } from "./accounts.ts";

type Subids = Pick<Host, "remapUser" | "missingSubids">;

/** dockerd looks for the user in both files, by name or number (moby, pkg/idtools lookupSubRanges); `default` means dockremap. */
export function deriveSubids(snapshot: Snapshot): Part<Subids> {
  const { resources: [daemon], source } = deriveDaemon(snapshot);
  if (daemon === undefined) return source.status === "ok" || source.status === "absent" ? { value: NONE } : allUnknown(source.detail ?? source.status);
  const reason = lookUp(daemon.unknown, "/usernsRemap");
  const { engine, daemon: { data } } = snapshot.sources;
  // Nothing asks for a mapping where there is neither an engine nor a file for one.
  if (engine.status === "absent" && data?.configFile.error === "ENOENT") return { value: NONE };
  if (reason !== undefined) return allUnknown(reason);
  const saved = daemon.usernsRemap === null ? findSaved(snapshot) : { value: null, unknown: null };
  if (saved.unknown !== null) return allUnknown(saved.unknown);
  const user = toUser(daemon.usernsRemap ?? saved.value);
  const { files } = snapshot.sources;
  if (files.data === null) return allUnknown(files.detail ?? files.status);
  if (user === null) return { value: NONE };
  const known = readAccounts(files.data).users.find(({ name, uid }) => name === user || String(uid) === user);
  const names = [user, ...(known === undefined ? [] : [known.name, String(known.uid)])];
  const missing = [files.data.subuid, files.data.subgid].filter((file) => !hasRange(file, names));
  return {
    value: { remapUser: user, missingSubids: missing.map(({ path }) => ({ key: path, user })) },
    origins: Object.fromEntries(missing.map(({ path }, index) => [`/missingSubids/${index}`, { source: "files", key: path }])),
    unknown: Object.fromEntries(missing.flatMap(({ path, error }, index) => (error === null || error === "ENOENT" ? [] : [[`/missingSubids/${index}`, `${path} cannot be read: ${error}`]]))),
  };
}

/** What the file asks of the next start: where it lacks a range there is no next start. */
function findSaved(snapshot: Snapshot): { value: string | null; unknown: string | null } {
  const configuration = readConfiguration(snapshot);
  if (typeof configuration === "string") return { value: null, unknown: configuration };
  const { file, fileUnknown } = configuration;
  const value = file?.values.get("userns-remap")?.value;
  return { value: typeof value === "string" ? value : null, unknown: file === null ? fileUnknown : file.error };
}

const NONE: Subids = { remapUser: null, missingSubids: [] };

function toUser(remap: string | null): string | null {
  const [user = ""] = (remap ?? "").split(":");
  return user === "" || user === "host" ? null : user === "default" ? "dockremap" : user;
}

function hasRange({ text }: TextFile, names: readonly string[]): boolean {
  return (text ?? "").split("\n").some((line) => {
    const [name = "", start = "", count = ""] = line.trim().split(":");
    return names.includes(name) && /^\d+$/.test(start) && Number(count) > 0;
  });
}

function allUnknown(reason: string): Part<Subids> {
  return { value: NONE, unknown: { "/remapUser": reason, "/missingSubids": reason } };
}
