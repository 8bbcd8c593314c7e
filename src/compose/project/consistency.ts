/** What Compose refuses of a whole project (compose-go, loader/validate.go): each at its line, all at once. */
import type { HardenError } from "../../errors.ts";
import { quote } from "../../text.ts";
import { faultAt, missingAt, MissingPart, throwFaults } from "../fault.ts";
import { descend, isNull, type MapNode, type Node } from "../node.ts";
import { booleanAt, entriesAt, mapAt, scalarAt, textAt, textsAt } from "../values/read.ts";
import { checkBuild } from "./consistency-build.ts";
import { findDependencyFaults } from "./consistency-dependencies.ts";
import { checkLimits } from "./consistency-limits.ts";
import { checkMounts } from "./consistency-mounts.ts";
import { REMOTE_BASE } from "./extends.ts";
import { findMissing, type ServiceCheck } from "./service-check.ts";

/** `open`: a part of the project lies elsewhere and is not fetched, so that what is missing may be there. */
export function checkConsistency(model: MapNode, open: boolean): void {
  const services = entriesAt(model, "services");
  const faults = services.flatMap(([name, entry]) => CHECKS.flatMap((check) => check({ model, name, entry, service: entry.value })));
  const all = [...faults, ...findDependencyFaults(model), ...findNameFaults(model), ...findSecretFaults(model)];
  throwFaults(open ? all.filter((fault) => !(fault instanceof MissingPart)) : all);
}

const image: ServiceCheck = ({ name, entry, service }) => {
  // What is not fetched may bring one.
  if (descend(service, REMOTE_BASE) !== undefined) return [];
  const found = scalarAt(service, "image");
  const set = (found !== null && found.value !== "" && found.value !== null) || mapAt(service, "build") !== null || mapAt(service, "provider") !== null;
  return set ? [] : [faultAt(entry.key, `the service ${quote(name)} has neither an image nor a build`, ALONE)];
};

const ALONE = "a file that completes another one is judged with it: -f FIRST -f SECOND";

const networks: ServiceCheck = ({ model, name, service }) => {
  const mode = scalarAt(service, "network_mode");
  const joined = entriesAt(service, "networks");
  if (mode !== null && mode.value !== "" && mode.value !== null && joined[0] !== undefined) {
    return [faultAt(mode.at, `the service ${quote(name)} takes either network_mode or networks`)];
  }
  const missing = joined.filter(([network]) => descend(model, "networks", network) === undefined);
  return missing.map(([network, { key }]) => missingAt(key, `the service ${quote(name)} joins the network ${quote(network)}, which is not declared`));
};

const joinedService: ServiceCheck = ({ model, service }) => {
  const mode = scalarAt(service, "network_mode");
  if (typeof mode?.value !== "string" || mode.unknown !== undefined || !mode.value.startsWith("service:")) return [];
  const other = mode.value.slice("service:".length);
  return descend(model, "services", other) === undefined ? [missingAt(mode.at, `network_mode names the service ${quote(other)}, which is not there`)] : [];
};

const healthcheck: ServiceCheck = ({ service }) => {
  const [first] = textsAt(service, "healthcheck", "test");
  if (first === undefined || first.unknown !== undefined || ["CMD", "CMD-SHELL", "NONE"].includes(first.value)) return [];
  return [faultAt(first.at, `healthcheck.test begins with CMD, CMD-SHELL or NONE, not ${quote(first.value)}`)];
};

function grants(key: "configs" | "secrets"): ServiceCheck {
  return ({ model, name, service }) => findMissing(model, name, descend(service, key), key);
}

const models: ServiceCheck = ({ model, name, service }) => {
  return entriesAt(service, "models").flatMap(([wanted, { key }]) =>
    descend(model, "models", wanted) === undefined ? [missingAt(key, `the service ${quote(name)} uses the model ${quote(wanted)}, which is not declared`)] : [],
  );
};

const watch: ServiceCheck = ({ name, service }) => {
  const rules = descend(service, "develop", "watch");
  if (rules?.kind !== "list") return [];
  return rules.items.flatMap((rule) => {
    const free = ["rebuild", "restart"].includes(textAt(rule, "action") ?? "");
    return free || (textAt(rule, "target") ?? "") !== "" ? [] : [faultAt(rule.at, `services.${name}.develop.watch needs a target for this action`)];
  });
};

const CHECKS: readonly ServiceCheck[] = [
  image, networks, joinedService, healthcheck, grants("configs"), grants("secrets"), models, watch, checkBuild, checkLimits, checkMounts,
];

/** One name is one service or job, one container name one service. */
function findNameFaults(model: MapNode): HardenError[] {
  const faults = entriesAt(model, "jobs").flatMap(([name, { key }]) =>
    descend(model, "services", name) === undefined ? [] : [faultAt(key, `${quote(name)} is both a service and a job`)],
  );
  const seen = new Map<string, string>();
  for (const [name, { value }] of entriesAt(model, "services")) {
    const given = scalarAt(value, "container_name");
    if (typeof given?.value !== "string" || given.value === "" || given.unknown !== undefined) continue;
    const other = seen.get(given.value);
    if (other !== undefined) faults.push(faultAt(given.at, `the container name ${quote(given.value)} is taken by the service ${quote(other)}`));
    seen.set(given.value, name);
  }
  return faults;
}

function findSecretFaults(model: MapNode): HardenError[] {
  return entriesAt(model, "secrets").flatMap(([name, { key, value }]) => {
    if (booleanAt(value, "external") === true || isTruth(value)) return [];
    const set = ["file", "environment"].some((part) => {
      const found = descend(value, part);
      return found !== undefined && !isNull(found) && !(found.kind === "scalar" && found.value === "");
    });
    return set ? [] : [faultAt(key, `the secret ${quote(name)} needs a file or an environment variable`)];
  });
}

function isTruth(value: Node): boolean {
  return scalarAt(value, "external")?.unknown !== undefined;
}
