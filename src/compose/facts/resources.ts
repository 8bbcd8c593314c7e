/** Limits, devices, sysctls, environment, logging, restart and health of a service. */
import { parseImageReference } from "../../facts/image-reference.ts";
import { ASSUMED } from "../../facts/engine-defaults.ts";
import { boundUlimits } from "../../facts/container/ulimits.ts";
import { isTlsVariable, usesTls } from "../../facts/docker-client.ts";
import { IMAGE_DECIDES_HEALTH } from "../../facts/image-decides.ts";
import type { Container } from "../../facts/model/container.ts";
import { positive } from "../../facts/positive.ts";
import { pointer } from "../../facts/resource.ts";
import { child, descend, type Node, printScalar, unknownsOf } from "../node.ts";
import { booleanAt, bytesAt, entriesAt, listAt, numberAt, pairsAt, scalarAt, textAt, textsAt } from "../values/read.ts";
import { readDevices } from "./devices.ts";
import { readEnvironment, readLabels } from "./environment.ts";
import { type FactRecord, note, noteNode, noteUnknown, place, placeNode, takeDefault } from "./record.ts";

type Resources = Pick<
  Container,
  "devices" | "deviceCgroupRules" | "sysctls" | "environment" | "dockerClientTls" | "limits" | "restart" | "logging" | "healthcheck" | "image" | "labels"
>;

/** `missing` are env and label files that are not there. */
export function readResources(record: FactRecord, missing: readonly string[]): Resources {
  const { spec } = record;
  const environment = readEnvironment(record, missing);
  return {
    devices: readDevices(record),
    deviceCgroupRules: readRules(record),
    sysctls: readSysctls(record),
    environment,
    dockerClientTls: readTls(record, environment),
    labels: readLabels(spec),
    limits: readLimits(record),
    restart: readRestart(record),
    logging: readLogging(record),
    healthcheck: readHealthcheck(record),
    image: readImage(record),
  };
}

/** Of a variable without a value it is not known, unless another switches TLS on already. */
function readTls(record: FactRecord, environment: Container["environment"]): boolean {
  const uses = usesTls(environment.filter((_, index) => record.unknown[`/environment/${index}/value`] === undefined));
  const open = environment.flatMap((entry, index) => (isTlsVariable(entry) ? (record.unknown[`/environment/${index}/value`] ?? []) : []));
  if (!uses && open[0] !== undefined) record.unknown["/dockerClientTls"] = open[0];
  return uses;
}

function readRules(record: FactRecord): Container["deviceCgroupRules"] {
  place(record, ["deviceCgroupRules"], ["device_cgroup_rules"]);
  return textsAt(record.spec, "device_cgroup_rules").map((item, index) => {
    noteNode(record, pointer(["deviceCgroupRules", index]), item, child(record.spec, "device_cgroup_rules"));
    return { key: item.value, rule: item.value };
  });
}

function readSysctls(record: FactRecord): Container["sysctls"] {
  place(record, ["sysctls"], ["sysctls"]);
  return pairsAt(record.spec, "sysctls").map(({ name, value, node, at }, index) => {
    const fact = pointer(["sysctls", index]);
    placeNode(record, fact, { ...node, at }, child(record.spec, "sysctls"));
    noteUnknown(record, name.includes("$") ? fact : `${fact}/value`, node);
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

/** -1 is no bound, and then what one should look at. */
function readUlimits(record: FactRecord): string[] {
  const own = entriesAt(record.spec, "ulimits").map(([name, { value }]) => ({ name, limit: child(value, "hard") ?? value }));
  const inherited = takeDefault(record, "/limits/ulimits", "defaultUlimits");
  place(record, ["limits", "ulimits"], ["ulimits"]);
  const unbounded = own.find(({ name, limit }) => numberAt(limit) === -1 && ["nofile", "nproc"].includes(name));
  if (unbounded !== undefined) placeNode(record, "/limits/ulimits", unbounded.limit, child(record.spec, "ulimits"));
  const bounded = boundUlimits(own.map(({ name, limit }) => ({ name, bounded: numberAt(limit) !== -1 })), inherited);
  for (const { name, limit } of own) if (bounded.includes(name)) noteNode(record, pointer(["limits", "ulimits", bounded.indexOf(name)]), limit, child(record.spec, "ulimits"));
  return bounded;
}

function quotaCpus(spec: Node): number | null {
  const quota = positive(numberAt(spec, "cpu_quota"));
  return quota === null ? null : quota / (positive(numberAt(spec, "cpu_period")) ?? 100_000);
}

const POLICIES: Readonly<Record<string, string>> = { none: "no", any: "always", "": "no" };

/** `deploy.restart_policy` goes before `restart`. */
function readRestart(record: FactRecord): Container["restart"] {
  note(record, ["restart"], ["deploy", "restart_policy", "condition"], ["deploy", "restart_policy"], ["restart"]);
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
  const { logDriver } = record.engine;
  const given = textAt(record.spec, "logging", "driver") ?? "";
  const driver = given || takeDefault(record, "/logging/driver", "logDriver");
  // What is missing is the size: that has the service's place.
  if (given === "" && logDriver.place === ASSUMED) record.origins["/logging/driver"] = ASSUMED;
  const size = scalarAt(record.spec, "logging", "options", "max-size");
  note(record, ["logging", "maxSize"], ["logging", "options", "max-size"]);
  if (size !== null) return { driver, maxSize: size.value === null ? null : printScalar(size) };
  place(record, ["logging", "maxSize"], ["logging"]);
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
  if (!disabled && !given) record.unknown["/healthcheck/configured"] ??= IMAGE_DECIDES_HEALTH;
  for (const key of ["test", "disable"]) if (!disabled && unknownsOf(descend(spec, "healthcheck", key)).length > 0) note(record, ["healthcheck", "configured"], ["healthcheck", key]);
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
