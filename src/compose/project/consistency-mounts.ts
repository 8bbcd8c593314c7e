/** Volumes that are not declared, and two mounts on one target. */
import type { HardenError } from "../../errors.ts";
import { quote } from "../../text.ts";
import { faultAt, missingAt } from "../fault.ts";
import { descend } from "../node.ts";
import { listAt, scalarAt, textAt, textsAt } from "../values/read.ts";
import type { ServiceCheck } from "./service-check.ts";

export const checkMounts: ServiceCheck = (context) => [...checkVolumes(context), ...checkTargets(context)];

const checkVolumes: ServiceCheck = ({ model, name, service }) => {
  return listAt(service, "volumes").flatMap((mount) => {
    const source = scalarAt(mount, "source");
    const isVolume = textAt(mount, "type") === "volume" && scalarAt(mount, "type")?.unknown === undefined;
    if (!isVolume || typeof source?.value !== "string" || source.value === "" || source.unknown !== undefined) return [];
    return descend(model, "volumes", source.value) === undefined
      ? [missingAt(source.at, `the service ${quote(name)} mounts the volume ${quote(source.value)}, which is not declared`)]
      : [];
  });
};

/** A tmpfs is compared as it is written; targets of volumes are clean by now. */
const checkTargets: ServiceCheck = ({ name, service }) => {
  const faults: HardenError[] = [];
  const seen = new Set<string>();
  const add = (target: string, at: Parameters<typeof faultAt>[0]): void => {
    if (seen.has(target)) faults.push(faultAt(at, `the service ${quote(name)} mounts two things at ${quote(target)}`));
    seen.add(target);
  };
  const single = scalarAt(service, "tmpfs");
  for (const { value, at, unknown } of single !== null && typeof single.value === "string" ? [{ ...single, value: single.value }] : textsAt(service, "tmpfs")) {
    if (unknown === undefined) add(value.split(":", 1)[0] ?? "", at);
  }
  for (const mount of listAt(service, "volumes")) {
    const target = scalarAt(mount, "target");
    if (target?.unknown === undefined) add(typeof target?.value === "string" ? target.value : "", target?.at ?? mount.at);
  }
  return faults;
};
