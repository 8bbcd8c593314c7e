/** Faults of builds and of what they draw from. */
import { quote } from "../../text.ts";
import { faultAt, missingAt } from "../fault.ts";
import { descend } from "../node.ts";
import { entriesAt, mapAt, scalarAt, textAt, textsAt } from "../values/read.ts";
import { findMissing, type ServiceCheck } from "./service-check.ts";

export const checkBuild: ServiceCheck = (context) => {
  return mapAt(context.service, "build") === null ? [] : [...checkDockerfile(context), ...checkContexts(context), ...checkPlatform(context), ...checkSecrets(context)];
};

const checkDockerfile: ServiceCheck = ({ name, service }) => {
  const inline = scalarAt(service, "build", "dockerfile_inline");
  const both = (textAt(service, "build", "dockerfile") ?? "") !== "" && inline !== null && inline.value !== "" && inline.value !== null;
  return both ? [faultAt(inline.at, `the build of ${quote(name)} takes either dockerfile or dockerfile_inline`)] : [];
};

const checkContexts: ServiceCheck = ({ model, name, service }) => {
  return entriesAt(service, "build", "additional_contexts").flatMap(([context, { value }]) => {
    const text = value.kind === "scalar" && value.unknown === undefined ? String(value.value) : "";
    if (!text.startsWith("service:")) return [];
    const other = text.slice("service:".length);
    if (descend(model, "services", other) === undefined) return [missingAt(value.at, `the context ${quote(context)} of ${quote(name)} names the service ${quote(other)}, which is not there`)];
    return mapAt(model, "services", other, "build") === null ? [faultAt(value.at, `the context ${quote(context)} of ${quote(name)} names ${quote(other)}, which is not built`)] : [];
  });
};

const checkPlatform: ServiceCheck = ({ service }) => {
  const platform = scalarAt(service, "platform");
  const platforms = textsAt(service, "build", "platforms");
  if (platform === null || platform.value === "" || platform.unknown !== undefined || platforms.length === 0) return [];
  const known = platforms.some(({ value, unknown }) => value === platform.value || unknown !== undefined);
  return known ? [] : [faultAt(platform.at, `build.platforms lacks the service's own platform ${quote(platform.value)}`)];
};

const checkSecrets: ServiceCheck = ({ model, name, service }) => findMissing(model, name, descend(service, "build", "secrets"), "secrets");
