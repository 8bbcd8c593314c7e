/** Whether the engine's data has a file system of its own. */
import type { Snapshot } from "../../snapshot/model.ts";
import type { Host } from "../model/host.ts";
import type { Part } from "../part.ts";
import { textAt } from "../raw.ts";

/** Without an engine there is no data root. */
export function deriveDataRoot({ sources: { engine, files } }: Snapshot): Part<Pick<Host, "dataRoot" | "dataRootShared">> {
  const dataRoot = textAt(engine.data?.info, "DockerRootDir");
  if (dataRoot === null) {
    const reason = engine.detail ?? "the engine does not tell where its data is";
    return { value: { dataRoot, dataRootShared: false }, ...(engine.status === "absent" ? {} : { unknown: { "/dataRoot": reason, "/dataRootShared": reason } }) };
  }
  const { rootDevice = null, dataRootDevice = null } = files.data ?? {};
  const origins = { "/dataRootShared": { source: "files", key: `stat ${dataRoot}` } };
  if (rootDevice === null || dataRootDevice === null) {
    const reason = files.data === null ? (files.detail ?? files.status) : `${dataRoot} could not be looked at`;
    return { value: { dataRoot, dataRootShared: false }, origins, unknown: { "/dataRootShared": reason } };
  }
  return { value: { dataRoot, dataRootShared: rootDevice === dataRootDevice }, origins };
}
