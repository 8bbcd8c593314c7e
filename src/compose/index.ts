/** What the rest of harden may use of the compose files: a project, its containers, and where their values stand. */
export { deriveComposeContainers } from "./facts/derive.ts";
export { loadMade } from "./live/load-made.ts";
export { type ReadBefore, readMadeProjects } from "./live/read-made.ts";
export type { RunningService } from "./live/shown.ts";
export { watchFiles } from "./live/watch-files.ts";
export { joinComposeNetworks, type ProjectNetworks, readComposeNetworks } from "./facts/networks.ts";
export { equalNodes, type MapNode, type Node } from "./node.ts";
export { relatedPlaces } from "./places.ts";
export type { FileText, ReadFile, UsedFile } from "./project/files.ts";
export { type AskedVariable, listAskedVariables } from "./project/asked.ts";
export { type ComposeProject, loadProject, type ProjectRequest, servicesOf } from "./project/load-project.ts";
export { isActive, listActiveProfiles, listProfiles } from "./project/profiles.ts";
export { createSource, lineOf, placeOf, type Source, unifyBreaks } from "./source.ts";
export { findIgnoreComments, type IgnoreComment, type IgnoreComments } from "./waivers/find.ts";
export { readSyntax, type WrittenList, type WrittenMap, type WrittenNode, type WrittenPair, type WrittenScalar } from "./yaml/syntax.ts";
