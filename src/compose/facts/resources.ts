/** Limits, devices, sysctls, environment, logging, restart and health of a service. */
import { parseImageReference } from "../../facts/container/resources.ts";
import { boundUlimits } from "../../facts/container/ulimits.ts";
import type { Container } from "../../facts/model/container.ts";
import { pointer } from "../../facts/resource.ts";
import { child, descend, type Node, printScalar } from "../node.ts";
import { booleanAt, bytesAt, entriesAt, listAt, numberAt, pairsAt, scalarAt, textAt, textsAt } from "../values/read.ts";
import { readDevices } from "./devices.ts";
import { readEnvironment, readLabels } from "./environment.ts";
import { type FactRecord, note, noteNode, noteUnknown, place, takeDefault } from "./record.ts";

type Resources = Pick<
  Container,
  "devices" | "deviceCgroupRules" | "sysctls" | "environment" | "limits" | "restart" | "logging" | "healthcheck" | "image" | "labels"
>;

/** `missing` are env and label files that are not there. */
export function readResources(record: FactRecord, missing: readonly string[]): Resources {
  const { spec } = record;
  return {
    devices: readDevices(record),
    deviceCgroupRules: readRules(record),
    sysctls: readSysctls(record),
    environment: readEnvironment(record, missing),
    labels: readLabels(spec),
    limits: readLimits(record),
    restart: readRestart(record),
    logging: readLogging(record),
    healthcheck: readHealthcheck(record),
    image: readImage(record),
  };
}

function readRules(record: FactRecord): Container["deviceCgroupRules"] {
  note(record, ["deviceCgroupRules"], ["device_cgroup_rules"]);
  return textsAt(record.spec, "device_cgroup_rules").map((item, index) => {
    noteNode(record, pointer(["deviceCgroupRules", index]), item, child(record.spec, "device_cgroup_rules"));
    return { key: item.value, rule: item.value };
  });
}

function readSysctls(record: FactRecord): Container["sysctls"] {
  place(record, ["sysctls"], ["sysctls"]);
  return pairsAt(record.spec, "sysctls").map(({ name, value, node, at }, index) => {
    noteNode(record, pointer(["sysctls", index]), { ...node, at }, child(record.spec, "sysctls"));
    return { key: name, name, value: value ?? "" };
  });
}

/** What deploy says goes before the service's own keys, as Compose hands it to the engine. */
function readLimits(record: FactRecord): Container["limits"] {
  const { spec } = record;
  const limits = descend(spec, "deploy", "resources", "limits");
  const deployed = (key: string): (string | number)[] => ["deploy", "resources", "limits", key];
  note(record, ["limits", "memory"], deployed("memory"), ["mem_limit"]);
  note(record, ["limits", "cpus"], deployed("cpus"), ["cpus"], ["cpu_quota"]);
  note(record, ["limits", "pids"], deployed("pids"), ["pids_limit"]);
  note(record, ["limits", "cpuset"], ["cpuset"]);
  note(record, ["limits", "cgroupParent"], ["cgroup_parent"]);
  return {
    memory: positive(bytesAt(limits, "memory")) ?? positive(bytesAt(spec, "mem_limit")),
    cpus: positive(numberAt(limits, "cpus")) ?? positive(numberAt(spec, "cpus")) ?? quotaCpus(spec),
    cpuset: textAt(spec, "cpuset") || null,
    pids: positive(numberAt(limits, "pids")) ?? positive(numberAt(spec, "pids_limit")),
    cgroupParent: textAt(spec, "cgroup_parent") || takeDefault(record, "/limits/cgroupParent", "cgroupParent"),
    ulimits: readUlimits(record),
  };
}

/** -1 is no bound. */
function readUlimits(record: FactRecord): string[] {
  const own = entriesAt(record.spec, "ulimits");
  const inherited = takeDefault(record, "/limits/ulimits", "defaultUlimits");
  place(record, ["limits", "ulimits"], ["ulimits"]);
  const bounded = boundUlimits(own.map(([name, { value }]) => ({ name, bounded: numberAt(value) !== -1 && numberAt(value, "hard") !== -1 })), inherited);
  for (const [name, { value }] of own) noteUnknown(record, pointer(["limits", "ulimits", bounded.indexOf(name)]), child(value, "hard") ?? value);
  return bounded;
}

function quotaCpus(spec: Node): number | null {
  const quota = positive(numberAt(spec, "cpu_quota"));
  return quota === null ? null : quota / (positive(numberAt(spec, "cpu_period")) ?? 100_000);
}

const POLICIES: Readonly<Record<string, string>> = { none: "no", any: "always", "": "no" };

/** `deploy.restart_policy` goes before `restart`. */
function readRestart(record: FactRecord): Container["restart"] {
  note(record, ["restart"], ["deploy", "restart_policy"], ["restart"]);
  const deployed = descend(record.spec, "deploy", "restart_policy");
  if (deployed?.kind === "map") {
    const condition = textAt(deployed, "condition") ?? "";
    return { policy: POLICIES[condition] ?? condition, maximumRetries: positive(numberAt(deployed, "max_attempts")) };
  }
  const [policy = "", retries = ""] = (textAt(record.spec, "restart") ?? "").split(":");
  return { policy: POLICIES[policy] ?? policy, maximumRetries: positive(Number(retries) || null) };
}

/** The engine's options count for its own driver only, named or not (moby, daemon/logs.go). */
function readLogging(record: FactRecord): Container["logging"] {
  place(record, ["logging"], ["logging"]);
  note(record, ["logging", "driver"], ["logging", "driver"]);
  const driver = textAt(record.spec, "logging", "driver") || takeDefault(record, "/logging/driver", "logDriver");
  const size = scalarAt(record.spec, "logging", "options", "max-size");
  note(record, ["logging", "maxSize"], ["logging", "options", "max-size"]);
  if (size !== null) return { driver, maxSize: size.value === null ? null : printScalar(size) };
  place(record, ["logging", "maxSize"], ["logging"]);
  const { logDriver } = record.engine;
  const inherits = driver === logDriver.value || logDriver.unknown !== undefined;
  return { driver, maxSize: inherits ? takeDefault(record, "/logging/maxSize", "logMaxSize") : null };
}

/** Without a test the image's own counts, which is not looked at. */
function readHealthcheck(record: FactRecord): Container["healthcheck"] {
  const { spec } = record;
  const test = child(child(spec, "healthcheck"), "test");
  const disabled = booleanAt(spec, "healthcheck", "disable") === true;
  const [first] = textsAt(spec, "healthcheck", "test");
  const given = test?.kind === "scalar" ? test.value !== "" && test.value !== null : listAt(test).length > 0;
  place(record, ["healthcheck"], ...(disabled ? [["healthcheck", "disable"]] : []), ["healthcheck", "test"], ["healthcheck"]);
  if (!disabled && !given) record.unknown["/healthcheck/configured"] ??= "no health check is set, so the image decides, which is not looked at";
  for (const part of [test, child(child(spec, "healthcheck"), "disable")]) if (!disabled) noteUnknown(record, "/healthcheck/configured", part);
  return { configured: given && !disabled && first?.value !== "NONE", status: null };
}

/** A service that is built has an image of its own making: neither tag nor digest is anyone's to pin. */
function readImage(record: FactRecord): Container["image"] {
  place(record, ["image"], ["image"], ["build"]);
  const image = scalarAt(record.spec, "image");
  noteUnknown(record, "/image", image ?? undefined);
  const named = parseImageReference(typeof image?.value === "string" && image.value !== "" ? image.value : null);
  return { ...named, built: child(record.spec, "build") !== undefined };
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}
