/** The container host: connection tracking and name resolution. */
import type { Snapshot } from "../snapshot/model.ts";
import { deriveConntrack } from "./host/conntrack.ts";
import { deriveResolverFiles } from "./host/resolver-files.ts";
import { deriveResolvers } from "./host/resolvers.ts";
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
  const { origins, unknown } = joinParts([conntrack, resolvers, files]);
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
  };
  return { resources: [host], source: { status, detail } };
}
