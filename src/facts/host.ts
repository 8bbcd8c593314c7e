/** The container host: connection tracking, name resolution, and who may control the engine. */
import type { Snapshot } from "../snapshot/model.ts";
import { deriveAudit } from "./host/audit.ts";
import { deriveConntrack } from "./host/conntrack.ts";
import { deriveDataRoot } from "./host/data-root.ts";
import { deriveDockerGroup } from "./host/docker-group.ts";
import { deriveEngineFiles } from "./host/engine-files.ts";
import { deriveResolverFiles } from "./host/resolver-files.ts";
import { deriveResolvers } from "./host/resolvers.ts";
import { deriveSubids } from "./host/subids.ts";
import type { Host } from "./model/host.ts";
import { joinParts } from "./part.ts";
import type { Derived } from "./resource.ts";

/** One resource, or none where the host is not this machine or could not be looked at. */
export function deriveHost(snapshot: Snapshot): Derived<Host> {
  const { status, detail, data } = snapshot.sources.host;
  if (data === null) return { resources: [], source: { status, detail } };
  const conntrack = deriveConntrack(snapshot);
  const resolvers = deriveResolvers(snapshot);
  const files = deriveResolverFiles(snapshot);
  const engineFiles = deriveEngineFiles(snapshot);
  const dockerGroup = deriveDockerGroup(snapshot, engineFiles);
  const subids = deriveSubids(snapshot);
  const audit = deriveAudit(snapshot);
  const dataRoot = deriveDataRoot(snapshot);
  const { origins, unknown } = joinParts([conntrack, resolvers, files, engineFiles, dockerGroup, subids, audit, dataRoot]);
  const host: Host = {
    kind: "host",
    id: "host",
    name: data.hostname,
    origins: { "": { source: "host", key: "hostname" }, ...origins },
    unknown,
    kernel: data.kernel,
    ...conntrack.value,
    ...resolvers.value,
    ...files.value,
    ...engineFiles.value,
    ...dockerGroup.value,
    ...subids.value,
    ...audit.value,
    ...dataRoot.value,
  };
  return { resources: [host], source: { status, detail } };
}
